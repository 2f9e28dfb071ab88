"""Moves orders from status to status and keeps who did it, when and why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from knowledge.db.rows.orders import OrderEventRow, OrderRow
from knowledge.orders.statuses import OrderStatus
from knowledge.ports import Clock

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """``actor`` is a shopper's id, "owner", or the name of what acted."""

    status: str
    at: datetime
    actor: str
    note: str | None


class OrderHistory:
    """The status of orders. A move happens once, whoever else tries the same."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def of(self, order_id: str) -> tuple[OrderEvent, ...]:
        """The oldest first."""
        rows = self._session.execute(
            select(OrderEventRow.status, OrderEventRow.at, OrderEventRow.actor, OrderEventRow.note)
            .where(OrderEventRow.order_id == order_id)
            .order_by(OrderEventRow.id)
        )
        return tuple(OrderEvent(row.status, row.at, row.actor, row.note) for row in rows)

    def move(
        self,
        order_id: str,
        *,
        before: Collection[OrderStatus],
        after: OrderStatus,
        actor: str,
        note: str | None = None,
    ) -> bool:
        """Change the status if it is one of ``before``; false when it is not (any more)."""
        now = self._clock.now()
        moved = self._session.scalar(
            update(OrderRow)
            .where(OrderRow.id == order_id, OrderRow.status.in_(sorted(before)))
            .values(status=after, updated_at=now)
            .returning(OrderRow.id)
            .execution_options(synchronize_session=False)
        )
        if moved is None:
            return False
        self._session.execute(
            insert(OrderEventRow).values(
                order_id=order_id,
                status=after,
                note=note[:LONGEST_NOTE] if note else None,
                actor=actor,
                at=now,
            )
        )
        return True
