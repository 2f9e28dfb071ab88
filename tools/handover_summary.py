"""Sums a conversation up for the person who takes it over."""

from collections.abc import Iterable

from knowledge.carts.quantities import quantity_text
from knowledge.conversations.handovers import LONGEST_SUMMARY
from knowledge.conversations.models import Turn
from knowledge.errors import NotFound
from tools.cart_changes import summary as cart_summary
from tools.context import ToolContext
from tools.marking import harmless

_TURNS = 4
_LONGEST_SAID = 160
_LONGEST_LINES = 240
_LONGEST_QUESTION = 160


def handover_summary(context: ToolContext, reason: str) -> str:
    """At most 1,000 characters: why, what was said last, what is open, the cart, the order."""
    parts = [f"Reason: {harmless(reason, _LONGEST_SAID)}"]
    parts += [f"Shopper: {text}" for text in _last_words(context)]
    if context.conversation_id is not None:
        pending = context.work.confirmations.pending(context.conversation_id)
        if pending is not None:
            parts.append(f"Waits for an answer to: {harmless(pending.text, _LONGEST_QUESTION)}")
    parts.append(_cart(context))
    parts += [
        f"Latest order: {order.number}, {order.status}, {order.placed_at.date().isoformat()}, "
        f"{order.fulfilment}, {order.total.display()}"
        for order in context.work.orders.of_shopper(context.shopper_id, limit=1)
    ]
    return harmless_lines(parts)


def harmless_lines(parts: Iterable[str]) -> str:
    text = "\n".join(parts)
    return text if len(text) <= LONGEST_SUMMARY else text[: LONGEST_SUMMARY - 1] + "\u2026"


def _last_words(context: ToolContext) -> list[str]:
    said: list[str] = []
    if context.conversation_id is not None:
        turns = context.work.conversations.window(context.conversation_id, turns=_TURNS)
        said = [text for turn in turns for text in _texts(turn)]
    if context.turn_id is not None:
        try:  # the message of this very turn is not among the finished ones yet
            payload = context.work.inbox.of_turn(context.turn_id).payload
        except NotFound:
            payload = {}
        said.append(str(payload.get("text") or ""))
    return [harmless(text, _LONGEST_SAID) for text in said if text.strip()][-3:]


def _texts(turn: Turn) -> list[str]:
    return [str(part["text"]) for part in turn.parts if part.get("type") == "user"]


def _cart(context: ToolContext) -> str:
    quote = context.work.pricing.quote(context.work.carts.get(context.cart_id))
    if not quote.lines:
        return "Cart: empty"
    lines = ", ".join(
        f"{quantity_text(one.line.quantity, one.product)} x {one.product.title}"
        for one in quote.lines
    )
    return f"Cart: {cart_summary(quote)} {harmless(lines, _LONGEST_LINES)}"
