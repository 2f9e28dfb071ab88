"""The book of orders: finds them, and brings them on from status to status."""

from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from knowledge.db.rows.orders import OrderLineRow, OrderRow
from knowledge.errors import NotFound
from knowledge.events.events import EventName, record_event
from knowledge.fulfilment.models import Contact
from knowledge.money import Money
from knowledge.orders.announcing import announce
from knowledge.orders.history import OrderHistory
from knowledge.orders.models import Order, OrderLine
from knowledge.orders.statuses import OrderStatus, StatusRefused, previous_statuses
from knowledge.ports import Clock
from knowledge.pricing.models import Adjustment, Total

_AT_ONCE = 500
"""A database takes only so many ids in one statement."""


class OrderBook:
    """Orders as they were sold, and what became of them since."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def get(self, reference: str, *, shopper_id: str) -> Order:
        """An order by id or number. Raises ``NotFound``, also for somebody else's."""
        row = self._session.execute(
            select(OrderRow.__table__).where(
                OrderRow.shopper_id == shopper_id,
                (OrderRow.id == reference.strip())
                | (OrderRow.number == reference.strip().lstrip("#").upper()),
            )
        ).one_or_none()
        if row is None:
            raise NotFound(f"You have no order {reference}.")
        return self._read([row])[0]

    def of_shopper(self, shopper_id: str, *, limit: int = 10) -> list[Order]:
        """The newest orders first."""
        rows = self._session.execute(
            select(OrderRow.__table__)
            .where(OrderRow.shopper_id == shopper_id)
            .order_by(OrderRow.placed_at.desc(), OrderRow.id.desc())
            .limit(limit)
        ).all()
        return self._read(list(rows))

    def find(self, reference: str) -> Order:
        """Anybody's order by id or number, for the owner. Raises ``NotFound``."""
        wanted = reference.strip()
        row = self._session.execute(
            select(OrderRow.__table__).where(
                (OrderRow.id == wanted) | (OrderRow.number == wanted.lstrip("#").upper())
            )
        ).one_or_none()
        if row is None:
            raise NotFound(f"There is no order {reference}.")
        return self._read([row])[0]

    def of_shop(
        self,
        *,
        status: OrderStatus | None = None,
        since: datetime | None = None,
        limit: int | None = 100,
    ) -> list[Order]:
        """Everybody's orders, the newest first, for the owner."""
        query = select(OrderRow.__table__).order_by(OrderRow.placed_at.desc(), OrderRow.id.desc())
        if status is not None:
            query = query.where(OrderRow.status == status)
        if since is not None:
            query = query.where(OrderRow.placed_at >= since)
        return self._read(list(self._session.execute(query.limit(limit)).all()))

    @cached_property
    def history(self) -> OrderHistory:
        return OrderHistory(self._session, self._clock)

    def advance(
        self, reference: str, status: OrderStatus, *, actor: str, note: str | None = None
    ) -> Order:
        """Bring an order to its next status. Raises ``NotFound`` and ``StatusRefused``.

        To cancel one is not a step on its way: ``cancelling`` gives back what it took.
        """
        order = self.find(reference)
        before = previous_statuses(status, order.fulfilment)
        if not self.history.move(order.id, before=before, after=status, actor=actor, note=note):
            order = self.find(reference)
            raise StatusRefused(order.number, order.status, order.fulfilment, status)
        record_event(
            self._session,
            self._clock,
            EventName.ORDER_STATUS_CHANGED,
            shopper_id=order.shopper_id,
            order_id=order.id,
            status=status,
        )
        announce(self._session, self._clock, "order.status_changed", order.id)
        return self.find(order.id)

    def _read(self, rows: list[Row[Any]]) -> list[Order]:
        currencies = {row.id: row.currency for row in rows}
        lines: dict[str, list[OrderLine]] = {row.id: [] for row in rows}
        for start in range(0, len(rows), _AT_ONCE):
            found = self._session.execute(
                select(OrderLineRow.__table__)
                .where(OrderLineRow.order_id.in_([row.id for row in rows[start:][:_AT_ONCE]]))
                .order_by(OrderLineRow.order_id, OrderLineRow.number)
            )
            for line in found:
                lines[line.order_id].append(_to_line(line, currencies[line.order_id]))
        return [_to_order(row, tuple(lines[row.id])) for row in rows]


def _to_line(row: Row[Any], currency: str) -> OrderLine:
    return OrderLine(
        number=row.number,
        product_id=row.product_id,
        title=row.title,
        quantity=row.quantity,
        unit_price=Money(row.unit_price, currency),
        total=Money(row.total, currency),
        adjustments=tuple(
            Adjustment(one["promotion_id"], one["title"], Money(Decimal(one["amount"]), currency))
            for one in row.adjustments
        ),
        age_limit=row.age_limit,
        substitution=row.substitution,
        unit=row.unit,
    )


def _to_order(row: Row[Any], lines: tuple[OrderLine, ...]) -> Order:
    placed_at: datetime = row.placed_at
    return Order(
        id=row.id,
        number=row.number,
        shopper_id=row.shopper_id,
        status=row.status,
        placed_at=placed_at,
        fulfilment=row.fulfilment,
        lines=lines,
        totals=tuple(
            Total(one["kind"], one["title"], Money(Decimal(one["amount"]), row.currency))
            for one in row.totals
        ),
        total=Money(row.total, row.currency),
        slot_id=row.slot_id,
        details=row.fulfilment_details,
        contact=Contact.from_json(row.contact),
    )
