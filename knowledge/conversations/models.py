"""What talk is made of: messages received, conversations, finished turns, replies to send."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class InboxStatus(StrEnum):
    RECEIVED = "received"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def finished(self) -> bool:
        return self not in (InboxStatus.RECEIVED, InboxStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """A message as it came in. ``attempt`` counts who worked on it; only the newest may write."""

    id: str
    channel: str
    message_id: str
    shopper_id: str
    conversation_id: str
    cart_id: str
    turn_id: str
    payload: dict[str, Any]
    start: dict[str, Any] | None
    status: InboxStatus
    attempt: int
    lease_until: datetime | None
    received_at: datetime
    finished_at: datetime | None
    answer: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """``fresh`` is false when this message had come in before.

    ``last_seq`` is that of the conversation when its receiver has claimed the message, too, and is
    to work on it at once; None when it must be claimed first.
    """

    entry: InboxEntry
    fresh: bool
    last_seq: int | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """``shown`` is the numbered list the shopper has in front of them, as JSON.

    ``summary`` tells the turns up to ``summary_until``; None while there is none.
    """

    id: str
    shopper_id: str
    cart_id: str
    channel: str
    locale: str | None
    title: str | None
    shown: tuple[dict[str, Any], ...]
    last_seq: int
    handed_over_at: datetime | None
    summary: str | None
    summary_until: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """One finished turn. ``parts`` is JSON of ``schema_version``; see ``assistant.window``."""

    id: str
    conversation_id: str
    seq: int
    schema_version: int
    parts: tuple[dict[str, Any], ...]
    outcome: str
    model: str | None
    prompt_digest: str | None
    prompt_variant: str | None
    usage: dict[str, Any]
    started_at: datetime
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A reply on its way to a channel."""

    id: str
    turn_id: str | None
    seq: int
    channel: str
    peer: str
    payload: dict[str, Any]
    attempts: int
    due_at: datetime
