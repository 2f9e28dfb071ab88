"""Opens confirmations: what is shown with each question, and in which words."""

from collections.abc import Sequence
from typing import Any

from knowledge.budgets.models import BudgetConsentRequired, describe
from knowledge.carts.edits import Edit, dump_edits
from knowledge.carts.models import Actor
from knowledge.carts.quantities import plain
from knowledge.errors import InvalidInput
from knowledge.orders.cart_changes import count_text, shown_change
from knowledge.orders.confirmations import LONGEST, Confirmation
from knowledge.orders.offers import list_lines, offer_text
from knowledge.orders.wording import shortened
from knowledge.pricing.models import Fulfilment, Quote
from knowledge.work import Work

_LEAST_SUMMARY = 30


def ask_to_order(
    work: Work,
    *,
    cart_id: str,
    actor: Actor,
    conversation_id: str | None,
    fulfilment: Fulfilment = "pickup",
    reference: dict[str, Any] | None = None,
    lead: str = "",
) -> Confirmation:
    """Freeze what can be ordered now and ask. Raises when nothing can be.

    ``reference`` says where and when, as ``Destination.reference`` writes it.
    """
    work.carts.lock(cart_id)
    offer = work.orders.offer(cart_id, fulfilment, shopper_id=actor.shopper_id, reference=reference)
    state = work.budgets.state(actor.shopper_id, offer.quote)
    entered = work.carts.get(cart_id).coupons
    notes = [
        f"Coupon {code} can no longer be used."
        for code in entered
        if code not in offer.cart.coupons
    ]
    if state is not None and state.state == "over":
        over, budget = state.over.display(), describe(state.budget)
        notes.append(f"This is {over} over your budget of {budget}.")
    shown = offer.shown()
    return work.confirmations.open(
        "place_order",
        cart_id=cart_id,
        cart_version=offer.cart.version,
        shopper_id=actor.shopper_id,
        conversation_id=conversation_id,
        payload={
            "fulfilment": fulfilment,
            "shown": shown,
            "destination": offer.destination.reference(),
        },
        shown=shown,
        text=offer_text(offer, lead=lead, note=" ".join(notes)),
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


def ask_to_change(
    work: Work,
    edits: Sequence[Edit],
    *,
    cart_id: str,
    actor: Actor,
    conversation_id: str | None,
    summary: str,
    lead: str = "",
) -> Confirmation:
    """Put a change of several lines before the shopper; the yes makes all of it at once.

    ``summary`` says what it is ("Chili for 4"). Raises what the quantity rules raise and
    ``BudgetExceeded``; a budget that asks is consented to by the same yes.
    """
    work.carts.lock(cart_id)
    cart = work.carts.get(cart_id)
    change = work.carts.preview(cart_id, edits, actor=actor)
    if not change.changes:
        raise InvalidInput("That would leave the cart as it is.")
    over = ""
    if change.budget is not None and change.budget.state == "over":
        budget = change.budget
        over = f"That is {budget.over.display()} over your budget of {describe(budget.budget)}."
    tail = "Say yes to do it, or no to leave the cart as it is."
    counted = count_text(change, work.pricing.quote(cart))
    fixed = " ".join(part for part in (f": {counted}.", over, tail) if part)
    lead = shortened(lead, LONGEST - len(fixed) - _LEAST_SUMMARY - 1)
    head = f"{lead} " if lead else ""
    what = shortened(summary, LONGEST - len(head) - len(fixed))
    shown = shown_change(change)
    return work.confirmations.open(
        "change_cart",
        cart_id=cart_id,
        cart_version=cart.version,
        shopper_id=actor.shopper_id,
        conversation_id=conversation_id,
        payload={"edits": dump_edits(edits), "summary": summary, "shown": shown},
        shown=shown,
        text=f"{head}{what}{fixed}",
        channel=actor.channel,
    )
