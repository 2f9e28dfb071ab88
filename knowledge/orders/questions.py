"""Opens confirmations: what is shown with each question, and in which words."""

from typing import Any

from knowledge.budgets.models import BudgetConsentRequired, describe
from knowledge.carts.edits import dump_edits
from knowledge.carts.models import Actor
from knowledge.carts.quantities import plain
from knowledge.errors import InvalidInput
from knowledge.orders.confirmations import LONGEST, Confirmation
from knowledge.orders.offers import list_lines, offer_text
from knowledge.pricing.models import Fulfilment, Quote
from knowledge.work import Work


def ask_to_order(
    work: Work,
    *,
    cart_id: str,
    actor: Actor,
    conversation_id: str | None,
    fulfilment: Fulfilment = "pickup",
    lead: str = "",
) -> Confirmation:
    """Freeze what can be ordered now and ask. Raises when nothing can be."""
    work.carts.lock(cart_id)
    offer = work.orders.offer(cart_id, fulfilment, shopper_id=actor.shopper_id)
    state = work.budgets.state(actor.shopper_id, offer.quote)
    over = ""
    if state is not None and state.state == "over":
        over = f"This is {state.over.display()} over your budget of {describe(state.budget)}."
    shown = offer.shown()
    return work.confirmations.open(
        "place_order",
        cart_id=cart_id,
        cart_version=offer.cart.version,
        shopper_id=actor.shopper_id,
        conversation_id=conversation_id,
        payload={"fulfilment": fulfilment, "shown": shown},
        shown=shown,
        text=offer_text(offer, lead=lead, note=over),
        channel=actor.channel,
    )


def shown_to_empty(quote: Quote) -> dict[str, Any]:
    lines = [[one.line.id, one.product.id, plain(one.line.quantity)] for one in quote.lines]
    return {"lines": lines}


def ask_to_empty(
    work: Work, *, cart_id: str, actor: Actor, conversation_id: str | None, lead: str = ""
) -> Confirmation:
    work.carts.lock(cart_id)
    cart = work.carts.get(cart_id)
    if not cart.lines:
        raise InvalidInput("The cart is empty already.")
    quote = work.pricing.quote(cart)
    head = f"{lead} Empty the cart?".strip()
    worth = f"{plain(quote.pieces)} for {quote.total.display()}"
    tail = "Say yes to empty it, or no to keep it."
    room = LONGEST - len(head) - len(worth) - len(tail) - 20
    text = f"{head} It holds {worth}: {list_lines(quote.lines, room)}. {tail}"
    return work.confirmations.open(
        "empty_cart",
        cart_id=cart_id,
        cart_version=cart.version,
        shopper_id=actor.shopper_id,
        conversation_id=conversation_id,
        payload={},
        shown=shown_to_empty(quote),
        text=text,
        channel=actor.channel,
    )


def shown_over_budget(required: BudgetConsentRequired) -> dict[str, Any]:
    return {
        "edits": dump_edits(required.edits),
        "total": str(required.state.in_cart),
        "over": str(required.state.over),
    }


def ask_over_budget(
    work: Work,
    required: BudgetConsentRequired,
    *,
    cart_id: str,
    actor: Actor,
    conversation_id: str | None,
    lead: str = "",
) -> Confirmation:
    """Put a change that a budget's rule wants asked before the shopper."""
    state = required.state
    head = f"{lead} That ".lstrip()
    tail = (
        f" brings the cart to {state.in_cart.display()}, {state.over.display()} over your budget "
        f"of {describe(state.budget)}. Say yes to do it anyway, or no to leave the cart as it is."
    )
    room = LONGEST - len(head) - len(tail) - 3
    what = required.summary if len(required.summary) <= room else "change"
    return work.confirmations.open(
        "over_budget",
        cart_id=cart_id,
        cart_version=required.cart_version,
        shopper_id=actor.shopper_id,
        conversation_id=conversation_id,
        payload={"edits": dump_edits(required.edits)},
        shown=shown_over_budget(required),
        text=f"{head}({what}){tail}",
        channel=actor.channel,
    )
