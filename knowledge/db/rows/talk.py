"""Rows of talk: inbox, conversations, turns, commands, outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.db.base import Key, Row


class InboxRow(Row):
    """A message as it came in, kept before it is acknowledged.

    ``attempt`` is a fence: who takes the message over advances it, and a unit of work of an
    older attempt refuses to commit. ``status``: received, running, done, failed, cancelled.
    ``start`` is the state the first attempt began with, so that a later one plans the same.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "shopper_id", "message_id"),
        Index("ix_inbox_status_lease", "status", "lease_until"),
        Index("ix_inbox_cart_status", "cart_id", "status"),
    )

    id: Mapped[Key]
    channel: Mapped[str] = mapped_column(String(16))
    message_id: Mapped[str] = mapped_column(String(128))
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    cart_id: Mapped[str] = mapped_column(ForeignKey("carts.id"))
    turn_id: Mapped[str] = mapped_column(String(64), unique=True)
    payload: Mapped[dict[str, Any]]
    start: Mapped[dict[str, Any] | None]
    status: Mapped[str] = mapped_column(String(16))
    attempt: Mapped[int]
    lease_until: Mapped[datetime | None]
    received_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    answer: Mapped[dict[str, Any] | None]


class ConversationRow(Row):
    """A talk with one shopper. ``shown`` is the numbered list the shopper sees.

    ``summary`` tells the turns up to ``summary_until``, which a model is not given word by word.
    """

    __tablename__ = "conversations"

    id: Mapped[Key]
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"), index=True)
    cart_id: Mapped[str] = mapped_column(ForeignKey("carts.id"), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    locale: Mapped[str | None] = mapped_column(String(16))
    title: Mapped[str | None] = mapped_column(Text)
    shown: Mapped[list[Any]]
    summary: Mapped[str | None] = mapped_column(Text)
    summary_until: Mapped[int] = mapped_column(server_default="0")
    next_seq: Mapped[int]
    handed_over_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class TurnRow(Row):
    """One finished turn; ``parts`` is JSON of ``schema_version``."""

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("conversation_id", "seq"),)

    id: Mapped[Key]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    schema_version: Mapped[int]
    parts: Mapped[list[Any]]
    outcome: Mapped[str] = mapped_column(String(16))
    model: Mapped[str | None] = mapped_column(String(128))
    prompt_digest: Mapped[str | None] = mapped_column(String(64))
    prompt_variant: Mapped[str | None] = mapped_column(String(64))
    usage: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]


class ModelCallRow(Row):
    """One call of a vendor's model, also one that failed. ``turn_id`` is None outside of turns.

    ``purpose``: answer, repair, summary, embed, check. ``outcome``: ok, or what went wrong.
    ``cost_micros`` is in millionths of a US dollar, as vendors' lists are in dollars; None where
    the price is not known.
    """

    __tablename__ = "model_calls"
    __table_args__ = (
        Index("ix_model_calls_at", "at", "cost_micros"),
        Index("ix_model_calls_shopper_at", "shopper_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    turn_id: Mapped[str | None] = mapped_column(String(64), index=True)
    shopper_id: Mapped[str | None] = mapped_column(String(64))
    channel: Mapped[str | None] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(16))
    provider: Mapped[str] = mapped_column(String(32))
    model: Mapped[str] = mapped_column(String(128))
    outcome: Mapped[str] = mapped_column(String(16))
    input_tokens: Mapped[int]
    cached_tokens: Mapped[int]
    output_tokens: Mapped[int]
    cost_micros: Mapped[int | None]
    first_token_ms: Mapped[int | None]
    latency_ms: Mapped[int]
    at: Mapped[datetime]


class CommandRow(Row):
    """A change made in a turn, with the result a repeat is answered with."""

    __tablename__ = "commands"

    turn_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    tool: Mapped[str] = mapped_column(String(64))
    call_id: Mapped[str | None] = mapped_column(String(128))
    arguments: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class OutboxRow(Row):
    """A reply on its way to a channel."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("turn_id", "seq"),
        Index("ix_outbox_status_due", "status", "due_at"),
    )

    id: Mapped[Key]
    turn_id: Mapped[str | None] = mapped_column(String(64))
    seq: Mapped[int]
    channel: Mapped[str] = mapped_column(String(16))
    peer: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    vendor_id: Mapped[str | None] = mapped_column(String(128), index=True)
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class FeedbackRow(Row):
    """A thumb up or down on a turn."""

    __tablename__ = "feedback"

    id: Mapped[Key]
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id"), index=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"))
    rating: Mapped[int]
    comment: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]


class HandoverRow(Row):
    """A shopper who asked for a human, with what the human should know. ``status``: open, done."""

    __tablename__ = "handovers"

    id: Mapped[Key]
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shoppers.id"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"))
    channel: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
