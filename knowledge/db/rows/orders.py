"""Rows of orders: frozen lines and totals, payments, status history."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.db.base import Key, Row


class OrderRow(Row):
    """One order. ``totals`` is the frozen list of typed totals; never recomputed."""

    __tablename__ = "orders"
    __table_args__ = (Index("ix_orders_shopper_placed", "shopper_id", "placed_at"),)

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(16), unique=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"))
    cart_id: Mapped[str] = mapped_column(ForeignKey("carts.id"))
    confirmation_id: Mapped[str] = mapped_column(ForeignKey("confirmations.id"), unique=True)
    status: Mapped[str] = mapped_column(String(24))
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[Decimal]
    totals: Mapped[list[Any]]
    fulfilment: Mapped[str] = mapped_column(String(16))
    fulfilment_details: Mapped[dict[str, Any]]
    address_id: Mapped[str | None] = mapped_column(ForeignKey("addresses.id"))
    contact: Mapped[dict[str, Any]]
    slot_id: Mapped[str | None] = mapped_column(String(64), index=True)
    placed_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class OrderLineRow(Row):
    """A line as it was sold."""

    __tablename__ = "order_lines"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    quantity: Mapped[Decimal]
    unit_price: Mapped[Decimal]
    total: Mapped[Decimal]
    adjustments: Mapped[list[Any]]
    substitution: Mapped[str] = mapped_column(String(16))
    age_limit: Mapped[int | None]
    unit: Mapped[str | None] = mapped_column(String(16))


class OrderEventRow(Row):
    """Status history of an order."""

    __tablename__ = "order_events"
    __table_args__ = (Index("ix_order_events_order", "order_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    status: Mapped[str] = mapped_column(String(24))
    note: Mapped[str | None] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class AddressRow(Row):
    """Where to deliver."""

    __tablename__ = "addresses"

    id: Mapped[Key]
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    lines: Mapped[list[Any]]
    postal_code: Mapped[str] = mapped_column(String(16))
    city: Mapped[str] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    country: Mapped[str] = mapped_column(String(2))
    phone: Mapped[str | None] = mapped_column(String(32))
    used_at: Mapped[datetime | None]


class DeliveryZoneRow(Row):
    """Where the shop delivers, by patterns of postal codes, and on which terms."""

    __tablename__ = "delivery_zones"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(Text)
    postal_codes: Mapped[list[Any]]
    fee: Mapped[Decimal]
    minimum: Mapped[Decimal]
    free_from: Mapped[Decimal | None]
    position: Mapped[int]
    active: Mapped[bool]


class DeliverySlotRow(Row):
    """A window in which orders are handed over, with how many fit."""

    __tablename__ = "delivery_slots"

    id: Mapped[Key]
    fulfilment: Mapped[str] = mapped_column(String(16))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int]
    taken: Mapped[int]
    fee: Mapped[Decimal]
    zone_id: Mapped[str | None] = mapped_column(String(64))


class ReturnRow(Row):
    """A shopper's wish to give something back; ``lines`` are [order line number, quantity].

    ``refund`` is what the owner wrote down as paid back, in the order's currency.
    """

    __tablename__ = "returns"

    id: Mapped[Key]
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"))
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    lines: Mapped[list[Any]]
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    refund: Mapped[Decimal | None]
    note: Mapped[str | None] = mapped_column(Text)


class CouponUseRow(Row):
    """A coupon that an order was placed with."""

    __tablename__ = "coupon_uses"

    promotion_id: Mapped[str] = mapped_column(ForeignKey("promotions.id"), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"), index=True)
    at: Mapped[datetime]


class PaymentRow(Row):
    """A payment at a provider, for one order."""

    __tablename__ = "payments"

    id: Mapped[Key]
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    provider: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str | None] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16))
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PaymentEventRow(Row):
    """What a provider told us, once per event."""

    __tablename__ = "payment_events"
    __table_args__ = (UniqueConstraint("provider", "event_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    provider: Mapped[str] = mapped_column(String(16))
    event_id: Mapped[str] = mapped_column(String(255))
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payments.id"))
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime]
