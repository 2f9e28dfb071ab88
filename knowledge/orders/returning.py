"""Asks a shopper whether to give back what they named, and requests it on their yes."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from knowledge.carts.models import Actor
from knowledge.carts.quantities import plain
from knowledge.errors import Conflict, InvalidInput
from knowledge.orders.confirmations import LONGEST, Confirmation
from knowledge.orders.models import Order
from knowledge.orders.returns import worth
from knowledge.orders.statuses import can_cancel, status_words
from knowledge.orders.wording import fitting, short_title, shortened
from knowledge.work import Work

NO_REASON = "no reason given"
LONGEST_REASON = 500
_SHOWN_REASON = 60


def check_returnable(work: Work, order: Order) -> None:
    """Raise ``Conflict`` unless the order was handed over within the time the shop allows."""
    if order.status != "handed_over":
        status = status_words(order.status, order.fulfilment)
        instead = " It can still be cancelled instead." if can_cancel(order.status) else ""
        raise Conflict(
            f"Order {order.number} is {status}; only what was handed over can be returned.{instead}"
        )
    days = work.profile.return_days
    handed_over = [one.at for one in work.orders.history.of(order.id) if one.status == order.status]
    if work.clock.now() > handed_over[-1] + timedelta(days=days):
        raise Conflict(
            f"Order {order.number} was handed over more than {days} days ago, so it can no longer "
            "be returned here. I can call a human of the shop for you."
        )


def returnable(
    work: Work, order: Order, wanted: Sequence[tuple[int, Decimal | None]] | None
) -> list[tuple[int, Decimal]]:
    """The lines and quantities a return would hold; None stands for all there is.

    Raises ``Conflict`` and ``InvalidInput``.
    """
    check_returnable(work, order)
    left = work.returns.left(order)
    if not left:
        raise Conflict(f"All of order {order.number} is being returned already.")
    if wanted is None:
        return sorted(left.items())
    sold = {line.number: line for line in order.lines}
    lines: dict[int, Decimal] = {}
    for number, quantity in wanted:
        line, there = sold[number], left.get(number, Decimal(0))
        if not there:
            raise Conflict(f"{line.title} is being returned already.")
        many = there if quantity is None else quantity
        if not 0 < many <= there:
            raise InvalidInput(
                f"At most {line.text(there)} can be returned from order {order.number}, "
                f"not {plain(many)}."
            )
        if line.unit is None and many % 1:
            raise InvalidInput(f"{line.title} can be returned in whole pieces only.")
        lines[number] = many
    return sorted(lines.items())


def ask_to_return(
    work: Work,
    order: Order,
    lines: Sequence[tuple[int, Decimal]],
    *,
    cart_id: str,
    actor: Actor,
    conversation_id: str | None,
    reason: str | None = None,
) -> Confirmation:
    """Put a return before the shopper; ``lines`` are what ``returnable`` gave."""
    work.carts.lock(cart_id)
    kept = " ".join((reason or "").split())[:LONGEST_REASON] or NO_REASON
    stored = [[number, plain(quantity)] for number, quantity in lines]
    why = shortened(kept, _SHOWN_REASON)
    head = f"Ask the shop to take back from order {order.number}: "
    taxed = any(total.kind == "tax" for total in order.totals)
    paid = f"{worth(order, lines).display()}{' plus tax' if taxed else ''}"
    tail = (
        f" (paid {paid}; {why})? The shop decides about it. "
        "Say yes to ask, or no to keep everything."
    )
    return work.confirmations.open(
        "return_order",
        cart_id=cart_id,
        cart_version=work.carts.get(cart_id).version,
        shopper_id=actor.shopper_id,
        conversation_id=conversation_id,
        payload={"order_id": order.id, "lines": stored, "reason": kept},
        shown={"order": order.id, "lines": stored, "reason": kept},
        text=f"{head}{_list(order, lines, LONGEST - len(head) - len(tail))}{tail}",
        channel=actor.channel,
    )


def _list(order: Order, lines: Sequence[tuple[int, Decimal]], room: int) -> str:
    sold = {line.number: line for line in order.lines}
    texts = [
        sold[number].text(quantity, title=short_title(sold[number].title))
        for number, quantity in lines
    ]
    return fitting(texts, room)


def return_as_asked(work: Work, asked: Confirmation, actor: Actor) -> tuple[str, str]:
    """Request what the shopper said yes to: what to say, and the order. Raises ``Conflict``."""
    order = work.orders.get(asked.payload["order_id"], shopper_id=actor.shopper_id)
    check_returnable(work, order)
    lines = [(number, Decimal(quantity)) for number, quantity in asked.payload["lines"]]
    work.returns.request(order, lines, reason=asked.payload["reason"], channel=actor.channel)
    said = (
        f"The return from order {order.number} is requested. The shop will tell you what it "
        "decides; nothing is paid back before."
    )
    return said, order.id
