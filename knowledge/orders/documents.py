"""An order as a document for others: mails, the owner's systems, exports. Described in docs."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from knowledge.carts.quantities import plain
from knowledge.db.rows.orders import OrderEventRow, OrderLineRow, OrderRow, ReturnRow
from knowledge.db.rows.people import ShopperRow
from knowledge.errors import NotFound
from knowledge.money import Money

VERSION = 1
"""Advanced when a field changes its meaning or goes; new fields may come without."""


def order_document(session: Session, order_id: str) -> dict[str, Any]:
    """Everything of an order, money as decimal strings. Raises ``NotFound``."""
    order = session.execute(select(OrderRow.__table__).where(OrderRow.id == order_id)).one_or_none()
    if order is None:
        raise NotFound(f"There is no order {order_id}.")
    shopper = session.execute(
        select(ShopperRow.email, ShopperRow.display_name).where(ShopperRow.id == order.shopper_id)
    ).one()
    return {
        "id": order.id,
        "number": order.number,
        "status": order.status,
        "placed_at": moment_text(order.placed_at),
        "updated_at": moment_text(order.updated_at),
        "currency": order.currency,
        "total": _money(order.total, order.currency),
        "totals": order.totals,
        "shopper": {
            "id": order.shopper_id,
            "name": shopper.display_name,
            "email": shopper.email,
        },
        "contact": order.contact,
        "fulfilment": order.fulfilment,
        "slot": order.fulfilment_details.get("slot"),
        "zone": order.fulfilment_details.get("zone"),
        "address": order.fulfilment_details.get("address"),
        "pickup": order.fulfilment_details.get("pickup"),
        "lines": _lines(session, order),
        "history": _history(session, order.id),
        "returns": _returns(session, order),
    }


def moment_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def read_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _money(amount: Decimal, currency: str) -> str:
    return str(Money(amount, currency))


def _lines(session: Session, order: Row[Any]) -> list[dict[str, Any]]:
    rows = session.execute(
        select(OrderLineRow.__table__)
        .where(OrderLineRow.order_id == order.id)
        .order_by(OrderLineRow.number)
    )
    return [_line(row, order.currency) for row in rows]


def _line(line: Row[Any], currency: str) -> dict[str, Any]:
    adjusted = sum((Decimal(one["amount"]) for one in line.adjustments), Decimal(0))
    return {
        "number": line.number,
        "product": line.product_id,
        "title": line.title,
        "quantity": plain(line.quantity),
        "unit": line.unit,
        "unit_price": _money(line.unit_price, currency),
        "total": _money(line.total, currency),
        "adjustments": line.adjustments,
        "to_pay": _money(line.total + adjusted, currency),
        "substitution": line.substitution,
        "age_limit": line.age_limit,
    }


def _history(session: Session, order_id: str) -> list[dict[str, Any]]:
    rows = session.execute(
        select(OrderEventRow.__table__)
        .where(OrderEventRow.order_id == order_id)
        .order_by(OrderEventRow.id)
    )
    return [
        {"status": row.status, "at": moment_text(row.at), "actor": row.actor, "note": row.note}
        for row in rows
    ]


def _returns(session: Session, order: Row[Any]) -> list[dict[str, Any]]:
    rows = session.execute(
        select(ReturnRow.__table__)
        .where(ReturnRow.order_id == order.id)
        .order_by(ReturnRow.created_at, ReturnRow.id)
    )
    return [
        {
            "id": row.id,
            "status": row.status,
            "reason": row.reason,
            "lines": [{"number": number, "quantity": many} for number, many in row.lines],
            "requested_at": moment_text(row.created_at),
            "decided_at": moment_text(row.decided_at) if row.decided_at else None,
            "refund": None if row.refund is None else _money(row.refund, order.currency),
            "note": row.note,
        }
        for row in rows
    ]
