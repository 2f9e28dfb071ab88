"""Records a finished turn: the talk, the answer and the reply to send, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.limits import ASYNCHRONOUS
from assistant.messages import Answer, ToolCallView
from assistant.model_calls import ModelCall
from assistant.state_builder import cart_and_budget, dump_shown
from assistant.suggestions import suggest
from assistant.window import SCHEMA_VERSION, Part
from knowledge.conversations.models import InboxEntry, InboxStatus, Turn
from knowledge.errors import TurnExpired
from knowledge.shop import Shop
from knowledge.usage.models import ModelUse
from tools.blocks import Block
from tools.commerce_views import confirmation_view, order_view
from tools.order_shapes import OrderView
from tools.shown import ShownList


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a turn ended, before it is written down."""

    text: str
    parts: Sequence[Part]
    blocks: Sequence[Block] = ()
    calls: Sequence[ToolCallView] = ()
    shown: ShownList | None = None
    order_id: str | None = None
    status: InboxStatus = InboxStatus.DONE
    kind: str = "answered"
    model: str | None = None
    prompt_digest: str | None = None
    prompt_variant: str | None = None
    usage: dict[str, Any] | None = None
    model_log: Sequence[ModelCall] = ()
    suggestions: Sequence[str] | None = None


def record(
    shop: Shop,
    entry: InboxEntry,
    outcome: Outcome,
    *,
    started_at: datetime,
    uses: Sequence[ModelUse] = (),
) -> tuple[Answer, Turn]:
    """Write the turn down. Raises ``TurnExpired`` when another attempt has the message.

    ``uses`` is the outcome's log of calls with what they cost.
    """
    with shop.write() as work:
        cart, budget = cart_and_budget(work, entry.shopper_id, entry.cart_id)
        pending = work.confirmations.pending(entry.conversation_id)
        order: OrderView | None = None
        if outcome.order_id is not None:
            order = order_view(work.orders.get(outcome.order_id, shopper_id=entry.shopper_id))
        suggestions = outcome.suggestions
        if suggestions is None:
            suggestions = suggest(outcome.blocks, cart, budget)
        answer = Answer(
            conversation_id=entry.conversation_id,
            turn_id=entry.turn_id,
            text=outcome.text,
            blocks=list(outcome.blocks),
            tools=list(outcome.calls),
            cart=cart,
            budget=budget,
            suggestions=list(suggestions),
            confirmation=None if pending is None else confirmation_view(pending),
            order=order,
        )
        stored = answer.model_dump(mode="json")
        if not work.inbox.finish(entry.id, entry.attempt, stored, outcome.status):
            raise TurnExpired("This turn is answered elsewhere.")
        turn = work.conversations.append(
            entry.conversation_id,
            turn_id=entry.turn_id,
            parts=outcome.parts,
            schema_version=SCHEMA_VERSION,
            outcome=outcome.kind,
            started_at=started_at,
            model=outcome.model,
            prompt_digest=outcome.prompt_digest,
            prompt_variant=outcome.prompt_variant,
            usage=outcome.usage,
            title=str(entry.payload.get("text", "")),
            shown=None
            if outcome.shown is None or not outcome.shown.fresh
            else dump_shown(outcome.shown),
        )
        work.model_calls.add_many(uses)
        if entry.channel in ASYNCHRONOUS:
            work.outbox.add(
                turn_id=entry.turn_id,
                channel=entry.channel,
                peer=str(entry.payload["peer"]),
                payload=stored,
            )
    return answer, turn
