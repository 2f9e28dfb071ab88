"""Rows of carts, budgets and confirmations."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.db.base import Key, Row


class CartRow(Row):
    """A cart; ``version`` is the fence every change must advance."""

    __tablename__ = "carts"

    id: Mapped[Key]
    name: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    next_line: Mapped[int]
    coupons: Mapped[list[Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CartMemberRow(Row):
    """Who shares a cart."""

    __tablename__ = "cart_members"

    cart_id: Mapped[str] = mapped_column(ForeignKey("carts.id"), primary_key=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16))
    joined_at: Mapped[datetime]


class CartEventRow(Row):
    """What happened to a cart: the record; lines are its projection."""

    __tablename__ = "cart_events"
    __table_args__ = (UniqueConstraint("cart_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    cart_id: Mapped[str] = mapped_column(ForeignKey("carts.id"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    line: Mapped[int | None]
    product_id: Mapped[str | None] = mapped_column(String(64))
    quantity: Mapped[Decimal | None]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    shopper_id: Mapped[str | None] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class CartLineRow(Row):
    """A line as it stands now."""

    __tablename__ = "cart_lines"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    cart_id: Mapped[str] = mapped_column(ForeignKey("carts.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    quantity: Mapped[Decimal]
    substitution: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text)
    added_by: Mapped[str | None] = mapped_column(String(64))
    added_at: Mapped[datetime]
    for_members: Mapped[list[Any]]


class JournalRow(Row):
    """What undo can take back: the state before each change of cart, budget or preferences."""

    __tablename__ = "change_journal"
    __table_args__ = (Index("ix_change_journal_shopper", "shopper_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"))
    kind: Mapped[str] = mapped_column(String(16))
    cart_id: Mapped[str | None] = mapped_column(String(64))
    summary: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class SavedListRow(Row):
    """A named list of products a shopper keeps."""

    __tablename__ = "saved_lists"

    id: Mapped[Key]
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    items: Mapped[list[Any]]
    updated_at: Mapped[datetime]


class BudgetRow(Row):
    """An amount a shopper wants to keep to; one active per shopper, cart and period."""

    __tablename__ = "budgets"
    __table_args__ = (Index("ix_budgets_shopper_active", "shopper_id", "active"),)

    id: Mapped[Key]
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"))
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    period: Mapped[str] = mapped_column(String(8))
    rule: Mapped[str] = mapped_column(String(8))
    active: Mapped[bool]
    starts_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class BudgetEntryRow(Row):
    """The ledger: what was spent, when, by which order. Refunds are negative."""

    __tablename__ = "budget_entries"
    __table_args__ = (
        Index("ix_budget_entries_shopper_at", "shopper_id", "at"),
        UniqueConstraint("order_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"))
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[str] = mapped_column(String(16))
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    at: Mapped[datetime]


class ConfirmationRow(Row):
    """A question to which only the shopper can say yes, and exactly what was shown."""

    __tablename__ = "confirmations"
    __table_args__ = (Index("ix_confirmations_shopper_status", "shopper_id", "status"),)

    id: Mapped[Key]
    cart_id: Mapped[str] = mapped_column(ForeignKey("carts.id"), index=True)
    cart_version: Mapped[int]
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"))
    conversation_id: Mapped[str | None] = mapped_column(String(64), index=True)
    action: Mapped[str] = mapped_column(String(24))
    payload: Mapped[dict[str, Any]]
    shown_hash: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]


class CheckoutRow(Row):
    """What a shopper said of how and where an order is handed over, until it is placed.

    ``notes`` holds the slots shown last and an address that still lacks something.
    """

    __tablename__ = "checkouts"

    cart_id: Mapped[str] = mapped_column(ForeignKey("carts.id"), primary_key=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"))
    fulfilment: Mapped[str] = mapped_column(String(16))
    address_id: Mapped[str | None] = mapped_column(ForeignKey("addresses.id"))
    slot_id: Mapped[str | None] = mapped_column(ForeignKey("delivery_slots.id"))
    contact: Mapped[dict[str, Any]]
    notes: Mapped[dict[str, Any] | None]
    updated_at: Mapped[datetime]
