"""Returns: what shoppers want to give back, and what the owner decides. No money is moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, get_args

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy.orm import Session

from knowledge.budgets.reversing import credit_refund
from knowledge.db.rows.orders import OrderRow, ReturnRow
from knowledge.errors import Conflict, InvalidInput, NotFound
from knowledge.events.events import EventName, record_event
from knowledge.ids import new_id
from knowledge.money import Money
from knowledge.orders.announcing import announce, mail_about
from knowledge.orders.documents import order_document
from knowledge.orders.models import Order
from knowledge.ports import Clock

ReturnStatus = Literal["requested", "approved", "refused", "refunded"]
RETURN_STATUSES: tuple[ReturnStatus, ...] = get_args(ReturnStatus)
_BEFORE: dict[ReturnStatus, tuple[ReturnStatus, ...]] = {
    "approved": ("requested",),
    "refused": ("requested",),
    "refunded": ("approved",),
}


@dataclass(frozen=True, slots=True)
class OrderReturn:
    """One request. ``lines`` are (order line number, quantity)."""

    id: str
    order_id: str
    shopper_id: str
    status: ReturnStatus
    reason: str
    lines: tuple[tuple[int, Decimal], ...]
    created_at: datetime
    decided_at: datetime | None
    refund: Money | None
    note: str | None


def worth(order: Order, lines: Sequence[tuple[int, Decimal]]) -> Money:
    """What was paid for these parts of an order, discounts on its lines taken off."""
    paid = Money.zero(order.currency)
    sold = {line.number: line for line in order.lines}
    for number, quantity in lines:
        line = sold[number]
        to_pay = line.total + Money.total((one.amount for one in line.adjustments), order.currency)
        paid += (to_pay * (quantity / line.quantity)).rounded()
    return paid


class Returns:
    """Returns of all shoppers."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def request(
        self,
        order: Order,
        lines: Sequence[tuple[int, Decimal]],
        *,
        reason: str,
        channel: str | None = None,
    ) -> OrderReturn:
        """Write down a request. Raises ``Conflict`` for what is asked back already."""
        self._wait_for(order.id)
        left = self.left(order)
        if any(left.get(number, Decimal(0)) < quantity for number, quantity in lines):
            raise Conflict(f"Some of that is being returned from order {order.number} already.")
        return_id = new_id("r")
        self._session.execute(
            insert(ReturnRow).values(
                id=return_id,
                order_id=order.id,
                shopper_id=order.shopper_id,
                status="requested",
                reason=reason,
                lines=[[number, f"{quantity:f}"] for number, quantity in lines],
                created_at=self._clock.now(),
                decided_at=None,
                refund=None,
                note=None,
            )
        )
        products = {line.number: line.product_id for line in order.lines}
        record_event(
            self._session,
            self._clock,
            EventName.RETURN_REQUESTED,
            shopper_id=order.shopper_id,
            channel=channel,
            return_id=return_id,
            order_id=order.id,
            products=[products[number] for number, _ in lines],
        )
        announce(self._session, self._clock, "return.requested", order.id)
        return self.get(return_id)

    def left(self, order: Order) -> Mapping[int, Decimal]:
        """How much of each line could still be given back."""
        left = {line.number: line.quantity for line in order.lines}
        for one in self.of_order(order.id):
            if one.status != "refused":
                for number, quantity in one.lines:
                    left[number] -= quantity
        return {number: quantity for number, quantity in left.items() if quantity > 0}

    def of_order(self, order_id: str) -> list[OrderReturn]:
        """The oldest first."""
        rows = self._session.execute(
            _EVERYTHING.where(ReturnRow.order_id == order_id).order_by(
                ReturnRow.created_at, ReturnRow.id
            )
        )
        return [_to_return(row) for row in rows]

    def list(self, status: ReturnStatus | None = None, *, limit: int = 100) -> list[OrderReturn]:
        """The newest first."""
        query = _EVERYTHING.order_by(ReturnRow.created_at.desc(), ReturnRow.id.desc()).limit(limit)
        if status is not None:
            query = query.where(ReturnRow.status == status)
        return [_to_return(row) for row in self._session.execute(query)]

    def get(self, return_id: str) -> OrderReturn:
        row = self._session.execute(_EVERYTHING.where(ReturnRow.id == return_id)).one_or_none()
        if row is None:
            raise NotFound(f"There is no return {return_id}.")
        return _to_return(row)

    def approve(self, return_id: str, *, note: str | None = None) -> OrderReturn:
        """Agree to take it back. Raises ``Conflict`` unless it is requested."""
        return self._decide(return_id, "approved", note=note)

    def refuse(self, return_id: str, *, note: str | None = None) -> OrderReturn:
        """Raises ``Conflict`` unless it is requested."""
        return self._decide(return_id, "refused", note=note)

    def refund(self, return_id: str, amount: Money, *, note: str | None = None) -> OrderReturn:
        """Write down what was paid back by other means, and tell the shopper by mail.

        Raises ``Conflict`` unless it is approved, ``InvalidInput`` for more than was paid and is
        not paid back yet.
        """
        asked = self.get(return_id)
        self._wait_for(asked.order_id)
        document = order_document(self._session, asked.order_id)
        most = Money.parse(document["total"], document["currency"])
        for one in self.of_order(asked.order_id):
            most -= one.refund or Money.zero(most.currency)
        if not Money.zero(most.currency) < amount <= most:
            raise InvalidInput(f"A refund is more than nothing and at most {most.display()}.")
        refunded = self._decide(return_id, "refunded", note=note, refund=amount)
        credit_refund(self._session, refunded.order_id, amount.amount)
        mail_about(self._session, self._clock, "refunded", document, return_id)
        return refunded

    def _decide(
        self,
        return_id: str,
        status: ReturnStatus,
        *,
        note: str | None,
        refund: Money | None = None,
    ) -> OrderReturn:
        asked = self.get(return_id)
        decided = self._session.scalar(
            update(ReturnRow)
            .where(ReturnRow.id == return_id, ReturnRow.status.in_(_BEFORE[status]))
            .values(
                status=status,
                decided_at=self._clock.now(),
                refund=None if refund is None else refund.amount,
                note=note or asked.note,
            )
            .returning(ReturnRow.id)
            .execution_options(synchronize_session=False)
        )
        if decided is None:
            now = self.get(return_id).status
            raise Conflict(f"Return {return_id} is {now}, so it cannot become {status}.")
        record_event(
            self._session,
            self._clock,
            EventName.RETURN_DECIDED,
            shopper_id=asked.shopper_id,
            return_id=return_id,
            order_id=asked.order_id,
            status=status,
            refund=None if refund is None else str(refund),
        )
        return self.get(return_id)

    def _wait_for(self, order_id: str) -> None:
        """Two at once would both find everything left; the second waits here."""
        self._session.execute(
            select(OrderRow.id).where(OrderRow.id == order_id).with_for_update(key_share=True)
        )


_EVERYTHING: Select[Any] = select(*ReturnRow.__table__.c, OrderRow.currency).join(
    OrderRow, OrderRow.id == ReturnRow.order_id
)


def _to_return(row: Row[Any]) -> OrderReturn:
    return OrderReturn(
        id=row.id,
        order_id=row.order_id,
        shopper_id=row.shopper_id,
        status=row.status,
        reason=row.reason,
        lines=tuple((number, Decimal(quantity)) for number, quantity in row.lines),
        created_at=row.created_at,
        decided_at=row.decided_at,
        refund=None if row.refund is None else Money(row.refund, row.currency),
        note=row.note,
    )
