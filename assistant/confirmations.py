"""Decides confirmations by code, before any model runs: a model can neither ask nor say yes."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from assistant.messages import InboundMessage
from assistant.offline.phrasebook import read_yes_no
from knowledge.conversations.models import Conversation
from knowledge.errors import Contended, NotFound
from knowledge.orders.confirmations import Confirmation
from knowledge.orders.decisions import carry_out
from knowledge.ports import CommitGuard
from knowledge.shop import Shop
from knowledge.work import Work
from prompts import load_wording
from tools.blocks import Block, ChoicesBlock, ConfirmationBlock, NoticeBlock, Option, OrderBlock
from tools.commerce_views import confirmation_view, order_view

_TRIES = 4
"""How often a rival change of the cart may come first before the turn is given up."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which question a message answers, and how."""

    confirmation_id: str
    answer: Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of it, in words and blocks; both are read from the shop."""

    text: str
    blocks: list[Block] = field(default_factory=list)
    order_id: str | None = None


def choose(
    work: Work,
    message: InboundMessage,
    conversation: Conversation,
    last_blocks: Sequence[Block],
) -> Chosen | None:
    """The decision a message makes, or None when it is for the model to read.

    Words count only directly after the question, and only when they are clear; a question that
    expired meanwhile still counts as asked, so that the shopper is told.
    """
    if message.confirmation is not None:
        return Chosen(message.confirmation.id, message.confirmation.answer)
    asked = [block for block in last_blocks if isinstance(block, ConfirmationBlock)]
    if not asked:
        return None
    latest = work.confirmations.latest(conversation.id)
    if latest is None or latest.id != asked[-1].confirmation.id or latest.status != "pending":
        return None
    answer = read_yes_no(message.text, about=latest.action)
    return None if answer is None else Chosen(latest.id, answer)


def decide(
    shop: Shop,
    chosen: Chosen,
    *,
    shopper_id: str,
    channel: str,
    guard: CommitGuard,
) -> Decided:
    """Carry the decision out in one transaction; a repeat gets the first result."""
    for _ in range(_TRIES - 1):
        with suppress(Contended):
            return _decide(shop, chosen, shopper_id=shopper_id, channel=channel, guard=guard)
    return _decide(shop, chosen, shopper_id=shopper_id, channel=channel, guard=guard)


def _decide(
    shop: Shop, chosen: Chosen, *, shopper_id: str, channel: str, guard: CommitGuard
) -> Decided:
    with shop.write(guard) as work:
        try:
            confirmation = work.confirmations.get(chosen.confirmation_id, shopper_id=shopper_id)
        except NotFound:
            text = load_wording("apologies")["unknown_confirmation"]
            return Decided(text, [NoticeBlock(level="warning", text=text)])
        decision = carry_out(work, confirmation, chosen.answer, channel, shopper_id=shopper_id)
        blocks: list[Block] = []
        if decision.order_id is not None:
            order = work.orders.get(decision.order_id, shopper_id=shopper_id)
            blocks.append(OrderBlock(orders=[order_view(order)]))
        if decision.confirmation is not None:
            blocks.append(_question(decision.confirmation))
        if decision.choices:
            options = [Option(label=one.label, value=one.value) for one in decision.choices]
            blocks.append(ChoicesBlock(question=decision.text, options=options))
        text = decision.text or load_wording("apologies")["already_decided"]
        return Decided(text, blocks, decision.order_id)


def _question(confirmation: Confirmation) -> Block:
    return ConfirmationBlock(confirmation=confirmation_view(confirmation))
