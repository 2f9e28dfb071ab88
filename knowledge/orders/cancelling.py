"""Cancels orders: everything that placing one took is given back in the same transaction."""

from dataclasses import dataclass
from typing import Any

from knowledge.budgets.models import BudgetConsentRequired
from knowledge.budgets.reversing import reverse_order
from knowledge.carts.filling import what_fits
from knowledge.carts.models import Actor
from knowledge.carts.quantities import plain
from knowledge.errors import Conflict
from knowledge.events.events import EventName, record_event
from knowledge.orders.again import edits_again
from knowledge.orders.announcing import announce
from knowledge.orders.cart_changes import done_text
from knowledge.orders.confirmations import Confirmation
from knowledge.orders.history import OrderHistory
from knowledge.orders.models import Order
from knowledge.orders.questions import ask_over_budget
from knowledge.orders.statuses import BEFORE_HANDOVER, BEFORE_PICKING, can_cancel, status_words
from knowledge.work import Work

_LONGEST_LIST = 400


class TooLateToCancel(Conflict):
    """Only the shop's people can still do something about it."""

    def __init__(self, order: Order) -> None:
        status = status_words(order.status, order.fulfilment)
        if order.status == "cancelled":
            message = f"Order {order.number} is cancelled already."
        elif order.status == "handed_over":
            message = f"Order {order.number} is {status}; what is not right can be returned."
        else:
            message = (
                f"Order {order.number} is {status} already, so it cannot be cancelled or changed "
                "here. I can call a human of the shop for you."
            )
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What came of a yes; ``confirmation`` is a question about what goes back into the cart."""

    text: str
    order_id: str
    confirmation: Confirmation | None = None


def cancel(
    work: Work, order: Order, *, actor: str, note: str | None = None, channel: str | None = None
) -> Order:
    """Cancel an order before the shop picks it. Raises ``TooLateToCancel``."""
    moved = OrderHistory(work.session, work.clock).move(
        order.id, before=BEFORE_PICKING, after="cancelled", actor=actor, note=note
    )
    if not moved:
        raise TooLateToCancel(work.orders.get(order.id, shopper_id=order.shopper_id))
    return _give_back(work, order, actor=actor, channel=channel)


def cancel_for_owner(work: Work, order: Order, *, actor: str, note: str | None = None) -> Order:
    """Cancel an order that is not handed over yet. Raises ``Conflict``."""
    moved = OrderHistory(work.session, work.clock).move(
        order.id, before=BEFORE_HANDOVER, after="cancelled", actor=actor, note=note
    )
    if not moved:
        status = work.orders.get(order.id, shopper_id=order.shopper_id).status
        raise Conflict(f"Order {order.number} is {status}, so it cannot be cancelled.")
    return _give_back(work, order, actor=actor, channel=None)


def _give_back(work: Work, order: Order, *, actor: str, channel: str | None) -> Order:
    """Only behind the one move that made the order cancelled, so that it happens once."""
    # In the order of ids, as they were taken: two that give and take never wait in a circle.
    for line in sorted(order.lines, key=lambda one: one.product_id):
        work.catalog.put_back(line.product_id, line.quantity)
    if order.slot_id is not None:
        work.slots.release(order.slot_id)
    work.coupons.release(order.id)
    reverse_order(work.session, order.id)
    record_event(
        work.session,
        work.clock,
        EventName.ORDER_CANCELLED,
        shopper_id=order.shopper_id,
        channel=channel,
        order_id=order.id,
        total=str(order.total),
        currency=order.currency,
        by="shopper" if actor == order.shopper_id else actor,
    )
    announce(work.session, work.clock, "order.cancelled", order.id)
    return work.orders.get(order.id, shopper_id=order.shopper_id)


def ask_to_cancel(
    work: Work,
    order: Order,
    *,
    cart_id: str,
    actor: Actor,
    conversation_id: str | None,
    change: bool = False,
    reason: str | None = None,
) -> Confirmation:
    """Ask whether to cancel, or with ``change`` to take the order back into the cart.

    Raises ``TooLateToCancel``.
    """
    if not can_cancel(order.status):
        raise TooLateToCancel(order)
    work.carts.lock(cart_id)
    count = len(order.lines)
    what = (
        f"order {order.number} ({count} {'product' if count == 1 else 'products'}, "
        f"total {order.total.display()})"
    )
    if change:
        text = (
            f"Take {what} back into the cart to change it? It is cancelled then, and nothing is "
            "ordered until you check out again; prices, stock and times may differ. "
            "Say yes to do it, or no to keep the order as it is."
        )
    else:
        text = f"Cancel {what}? Say yes to cancel it, or no to keep it."
    return work.confirmations.open(
        "cancel_order",
        cart_id=cart_id,
        cart_version=work.carts.get(cart_id).version,
        shopper_id=actor.shopper_id,
        conversation_id=conversation_id,
        payload={"order_id": order.id, "change": change, "reason": reason},
        shown=_shown(order, change=change),
        text=text,
        channel=actor.channel,
    )


def _shown(order: Order, *, change: bool) -> dict[str, Any]:
    return {"order": order.id, "total": str(order.total), "change": change}


def cancel_as_asked(work: Work, asked: Confirmation, actor: Actor) -> Cancelled:
    """Do what the shopper said yes to.

    Raises ``TooLateToCancel``, and ``Conflict`` for a change of which nothing could go back into
    the cart: the order stays then.
    """
    order = work.orders.get(asked.payload["order_id"], shopper_id=actor.shopper_id)
    code = work.coupons.used_by_order(order.id) if asked.payload["change"] else None
    cancel(work, order, actor=actor.shopper_id, note=asked.payload["reason"], channel=actor.channel)
    said = f"Order {order.number} is cancelled."
    if not asked.payload["change"]:
        return Cancelled(said, order.id)
    coupon = _enter_again(work, asked.cart_id, code, actor)
    edits, lacking = what_fits(work, edits_again(order), cart_id=asked.cart_id, actor=actor)
    if not edits:
        raise Conflict(
            f"Order {order.number} stays as it is: nothing of it could go back into the cart. "
            f"{' '.join(lacking)}"
        )
    try:
        change = work.carts.apply(asked.cart_id, edits, actor=actor)
    except BudgetConsentRequired as required:
        question = ask_over_budget(
            work,
            required,
            cart_id=asked.cart_id,
            actor=actor,
            conversation_id=asked.conversation_id,
        )
        text = " ".join([said, *coupon, *lacking, question.text])
        return Cancelled(text, order.id, question)
    # Undo would take out the only place where the goods of the cancelled order still are.
    work.journal.settle(actor.shopper_id, asked.cart_id)
    back = done_text(change, _LONGEST_LIST)
    total = f"The cart has {plain(change.quote.pieces)} items for {change.quote.total.display()}."
    return Cancelled(" ".join([said, back, *coupon, *lacking, total]), order.id)


def _enter_again(work: Work, cart_id: str, code: str | None, actor: Actor) -> list[str]:
    """The coupon of a cancelled order goes back with its goods, unless the cart has another."""
    if code is None:
        return []
    entered = work.carts.get(cart_id).coupons
    if work.coupons.usable(entered, shopper_id=actor.shopper_id):
        return []
    usable = work.coupons.usable([code], shopper_id=actor.shopper_id)
    if not usable:
        return [f"The coupon {code} can no longer be used."]
    summary = f"entered the coupon {code}"
    work.carts.set_coupons(cart_id, usable, actor=actor, summary=summary)
    return [f"Coupon {code} is entered again."]
