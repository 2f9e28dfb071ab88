"""Rows of people: shoppers, identities, credentials, preferences, consent."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.db.base import Key, Row


class ShopperRow(Row):
    """A person who shops, known or anonymous. ``merged_into`` follows a sign-in."""

    __tablename__ = "shoppers"

    id: Mapped[Key]
    role: Mapped[str] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(255), unique=True)
    display_name: Mapped[str | None] = mapped_column(Text)
    locale: Mapped[str | None] = mapped_column(String(16))
    cart_id: Mapped[str | None] = mapped_column(ForeignKey("carts.id"))
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("shoppers.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class ChannelIdentityRow(Row):
    """A shopper's address on one channel; ``peer_hash`` is keyed so that numbers stay private."""

    __tablename__ = "channel_identities"
    __table_args__ = (UniqueConstraint("channel", "peer_hash"),)

    id: Mapped[Key]
    channel: Mapped[str] = mapped_column(String(16))
    peer_hash: Mapped[str] = mapped_column(String(64))
    peer: Mapped[str | None] = mapped_column(Text)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"), index=True)
    locale: Mapped[str | None] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    last_inbound_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class LinkCodeRow(Row):
    """A one-time code that links a channel to a shopper."""

    __tablename__ = "link_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SessionRow(Row):
    """A signed-in or anonymous session; only the token's hash is kept."""

    __tablename__ = "sessions"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class CredentialRow(Row):
    """A password hash, a second factor or a recovery code."""

    __tablename__ = "credentials"

    id: Mapped[Key]
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiKeyRow(Row):
    """A key for a program, with scopes."""

    __tablename__ = "api_keys"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(Text)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]]
    created_by: Mapped[str | None] = mapped_column(ForeignKey("shoppers.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class PreferenceRow(Row):
    """What a shopper wants remembered, one row per kind and value."""

    __tablename__ = "preferences"

    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[str] = mapped_column(String(255), primary_key=True)
    source: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class HouseholdMemberRow(Row):
    """Someone a shopper buys for, with diets and allergens."""

    __tablename__ = "household_members"

    id: Mapped[Key]
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    diets: Mapped[list[Any]]
    allergens: Mapped[list[Any]]


class ConsentRow(Row):
    """A consent given or withdrawn; the last row per kind counts."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_shopper_kind", "shopper_id", "kind", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"))
    kind: Mapped[str] = mapped_column(String(32))
    granted: Mapped[bool]
    channel: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class WatchRow(Row):
    """Tell me when it is back or cheaper."""

    __tablename__ = "watches"

    id: Mapped[Key]
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"), index=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    target_price: Mapped[Decimal | None]
    created_at: Mapped[datetime]
    fired_at: Mapped[datetime | None]


class NotificationRow(Row):
    """Something to tell a shopper, read or not."""

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_shopper", "shopper_id", "created_at"),)

    id: Mapped[Key]
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"))
    kind: Mapped[str] = mapped_column(String(32))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class AuditRow(Row):
    """Who did what that matters, for the owner's eyes."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    actor: Mapped[str] = mapped_column(String(64), index=True)
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str | None] = mapped_column(String(128))
    details: Mapped[dict[str, Any]]
    at: Mapped[datetime]
