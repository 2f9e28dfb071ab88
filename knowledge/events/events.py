"""Appends to the log of what happened; every name stands once, here and in docs/events.md."""

from enum import StrEnum

from sqlalchemy import insert
from sqlalchemy.orm import Session

from knowledge.db.rows.learning import EventRow
from knowledge.ports import Clock


class EventName(StrEnum):
    SHOPPER_CREATED = "shopper_created"
    CART_CHANGED = "cart_changed"
    CHANGE_UNDONE = "change_undone"
    BUDGET_SET = "budget_set"
    BUDGET_CLEARED = "budget_cleared"
    PREFERENCES_SET = "preferences_set"
    HOUSEHOLD_CHANGED = "household_changed"
    LIST_CHANGED = "list_changed"
    HUMAN_CALLED = "human_called"
    CONFIRMATION_OPENED = "confirmation_opened"
    CONFIRMATION_DECIDED = "confirmation_decided"
    ORDER_PLACED = "order_placed"
    COUPON_ENTERED = "coupon_entered"
    COUPON_REFUSED = "coupon_refused"
    ORDER_STATUS_CHANGED = "order_status_changed"
    ORDER_CANCELLED = "order_cancelled"
    RETURN_REQUESTED = "return_requested"
    RETURN_DECIDED = "return_decided"
    SUSPICIOUS_MESSAGE = "suspicious_message"
    DAILY_COST_REACHED = "daily_cost_reached"


def record_event(
    session: Session,
    clock: Clock,
    name: EventName,
    *,
    shopper_id: str | None,
    channel: str | None = None,
    **payload: object,
) -> None:
    """Append one event in the transaction that makes it true."""
    session.execute(
        insert(EventRow).values(
            name=name.value,
            shopper_id=shopper_id,
            channel=channel,
            payload=payload,
            at=clock.now(),
        )
    )
