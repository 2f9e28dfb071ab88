"""Gives back in the ledger what an order took: all of it, or what was refunded."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, exists, insert, select, update
from sqlalchemy.orm import Session

from knowledge.db.rows.carts import BudgetEntryRow, BudgetRow


def reverse_order(session: Session, order_id: str) -> None:
    """Give the amount back to the period it was taken from, and reopen the trip it ended.

    Call it once per order: each call gives back.
    """
    for entry in _taken(session, order_id):
        _enter(session, entry, "order_cancelled", -entry.amount)
        newer = BudgetRow.__table__.alias("newer")
        session.execute(
            update(BudgetRow)
            .where(
                BudgetRow.shopper_id == entry.shopper_id,
                BudgetRow.period == "trip",
                BudgetRow.active.is_(False),
                BudgetRow.ended_at == entry.at,
                ~exists().where(
                    newer.c.shopper_id == entry.shopper_id,
                    newer.c.period == "trip",
                    newer.c.active,
                ),
            )
            .values(active=True, ended_at=None)
            .execution_options(synchronize_session=False)
        )


def credit_refund(session: Session, order_id: str, amount: Decimal) -> None:
    """Give a part of what an order took back to the period it was taken from."""
    for entry in _taken(session, order_id):
        more = session.scalar(
            update(BudgetEntryRow)
            .where(BudgetEntryRow.order_id == order_id, BudgetEntryRow.kind == "refund")
            .values(amount=BudgetEntryRow.amount - amount)
            .returning(BudgetEntryRow.id)
            .execution_options(synchronize_session=False)
        )
        if more is None:
            _enter(session, entry, "refund", -amount)


def _taken(session: Session, order_id: str) -> Sequence[Row[Any]]:
    return session.execute(
        select(BudgetEntryRow.__table__).where(
            BudgetEntryRow.order_id == order_id, BudgetEntryRow.kind == "order"
        )
    ).all()


def _enter(session: Session, entry: Row[Any], kind: str, amount: Decimal) -> None:
    session.execute(
        insert(BudgetEntryRow).values(
            shopper_id=entry.shopper_id,
            order_id=entry.order_id,
            kind=kind,
            amount=amount,
            currency=entry.currency,
            at=entry.at,  # a week or month that is over must not be credited to this one
        )
    )
