"""Deletes what is older than the shop keeps it: talks, messages, replies, unknown shoppers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, delete, exists, func, select
from sqlalchemy.orm import Session

from knowledge.audit_log import AuditLog
from knowledge.db.rows.carts import CartMemberRow, CartRow
from knowledge.db.rows.orders import OrderRow
from knowledge.db.rows.people import ChannelIdentityRow, CredentialRow, SessionRow, ShopperRow
from knowledge.db.rows.talk import (
    CommandRow,
    ConversationRow,
    HandoverRow,
    InboxRow,
    OutboxRow,
    TurnRow,
)
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.ports import Clock
from knowledge.privacy.people import delete_shoppers
from knowledge.privacy.talks import delete_talks, delete_turns

BATCH = 200
_TALKS = cast("Table", ConversationRow.__table__)
_TURNS = cast("Table", TurnRow.__table__)
_INBOX = cast("Table", InboxRow.__table__)
_OUTBOX = cast("Table", OutboxRow.__table__)
_COMMANDS = cast("Table", CommandRow.__table__)
_SHOPPERS = cast("Table", ShopperRow.__table__)
_UNFINISHED = ("received", "running")


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many of each were deleted, or would be."""

    conversations: int = 0
    turns: int = 0
    """Of talks that still go on."""
    messages: int = 0
    replies: int = 0
    commands: int = 0
    shoppers: int = 0

    @property
    def any(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))


class Retention:
    """Works in batches, each a transaction of its own: killed at any point, it goes on later."""

    def __init__(self, units: UnitsOfWork, clock: Clock, *, batch: int = BATCH) -> None:
        self._units = units
        self._clock = clock
        self._batch = batch

    def count(self, before: datetime) -> Cleared:
        """What ``clear`` would delete now."""
        with self._units.read() as session:
            found = {
                name: session.scalar(select(func.count()).select_from(old(before).subquery())) or 0
                for name, (old, _) in _STEPS.items()
            }
        return Cleared(**found)

    def clear(self, before: datetime, *, actor: str = "system") -> Cleared:
        """Delete what nothing happened to since ``before``; orders and their records stay."""
        counts = {name: self._all(before, *step) for name, step in _STEPS.items()}
        cleared = Cleared(**counts)
        if cleared.any:
            with self._units.write() as session:
                details: dict[str, Any] = {"before": before.isoformat(), **counts}
                AuditLog(session, self._clock).note("privacy.retention", actor=actor, **details)
        return cleared

    def _all(
        self,
        before: datetime,
        old: Callable[[datetime], Select[Any]],
        remove: Callable[[Session, Sequence[Any]], int],
    ) -> int:
        done = 0
        while True:
            with self._units.write() as session:
                found = session.execute(old(before).limit(self._batch)).all()
                done += remove(session, found)
            if len(found) < self._batch:
                return done


def _old_talks(before: datetime) -> Select[Any]:
    """Without those a person of the shop still has to answer."""
    handovers = cast("Table", HandoverRow.__table__)
    return select(_TALKS.c.id).where(
        _TALKS.c.updated_at < before,
        ~exists().where(
            _INBOX.c.conversation_id == _TALKS.c.id,
            (_INBOX.c.received_at >= before) | _INBOX.c.status.in_(_UNFINISHED),
        ),
        ~exists().where(handovers.c.conversation_id == _TALKS.c.id, handovers.c.status == "open"),
    )


def _old_turns(before: datetime) -> Select[Any]:
    gone = _old_talks(before).scalar_subquery()
    return select(_TURNS.c.id).where(
        _TURNS.c.finished_at < before, _TURNS.c.conversation_id.not_in(gone)
    )


def _old_messages(before: datetime) -> Select[Any]:
    answered = exists().where(_TURNS.c.id == _INBOX.c.turn_id)
    return select(_INBOX.c.id).where(
        _INBOX.c.received_at < before, _INBOX.c.status.not_in(_UNFINISHED), ~answered
    )


def _old_replies(before: datetime) -> Select[Any]:
    return select(_OUTBOX.c.id).where(
        _OUTBOX.c.created_at < before,
        _OUTBOX.c.status != "waiting",
        ~exists().where(_TURNS.c.id == _OUTBOX.c.turn_id),
    )


def _old_commands(before: datetime) -> Select[Any]:
    """Also those of REST calls, which belong to no turn."""
    return select(_COMMANDS.c.turn_id, _COMMANDS.c.ordinal).where(
        _COMMANDS.c.at < before, ~exists().where(_TURNS.c.id == _COMMANDS.c.turn_id)
    )


def _old_shoppers(before: datetime) -> Select[Any]:
    """Whom nothing names, who bought nothing, and of whom nothing was heard since."""
    orders = cast("Table", OrderRow.__table__)
    sessions = cast("Table", SessionRow.__table__)
    credentials = cast("Table", CredentialRow.__table__)
    identities = cast("Table", ChannelIdentityRow.__table__)
    carts, members = cast("Table", CartRow.__table__), cast("Table", CartMemberRow.__table__)
    merged = _SHOPPERS.alias()
    mine = _SHOPPERS.c.id
    return select(mine).where(
        _SHOPPERS.c.last_seen_at < before,
        _SHOPPERS.c.role == "shopper",
        _SHOPPERS.c.email.is_(None),
        ~exists().where(merged.c.merged_into == mine),
        ~exists().where(orders.c.shopper_id == mine),
        ~exists().where(credentials.c.shopper_id == mine),
        ~exists().where(sessions.c.shopper_id == mine, sessions.c.created_at >= before),
        ~exists().where(identities.c.shopper_id == mine, identities.c.last_inbound_at >= before),
        ~exists().where(_TALKS.c.shopper_id == mine, _TALKS.c.updated_at >= before),
        ~exists().where(_INBOX.c.shopper_id == mine, _INBOX.c.received_at >= before),
        ~exists().where(_INBOX.c.shopper_id == mine, _INBOX.c.status.in_(_UNFINISHED)),
        ~exists().where(
            members.c.shopper_id == mine,
            members.c.cart_id == carts.c.id,
            carts.c.updated_at >= before,
        ),
    )


def _ids(found: Sequence[Any]) -> list[str]:
    return [row[0] for row in found]


def _remove_talks(session: Session, found: Sequence[Any]) -> int:
    return delete_talks(session, _ids(found))


def _remove_turns(session: Session, found: Sequence[Any]) -> int:
    return delete_turns(session, _ids(found))


def _remove_messages(session: Session, found: Sequence[Any]) -> int:
    session.execute(delete(_INBOX).where(_INBOX.c.id.in_(_ids(found))))
    return len(found)


def _remove_replies(session: Session, found: Sequence[Any]) -> int:
    session.execute(delete(_OUTBOX).where(_OUTBOX.c.id.in_(_ids(found))))
    return len(found)


def _remove_commands(session: Session, found: Sequence[Any]) -> int:
    for turn_id, ordinal in found:
        session.execute(
            delete(_COMMANDS).where(_COMMANDS.c.turn_id == turn_id, _COMMANDS.c.ordinal == ordinal)
        )
    return len(found)


def _remove_shoppers(session: Session, found: Sequence[Any]) -> int:
    return delete_shoppers(session, _ids(found))


_STEPS: dict[
    str,
    tuple[Callable[[datetime], Select[Any]], Callable[[Session, Sequence[Any]], int]],
] = {
    "conversations": (_old_talks, _remove_talks),
    "turns": (_old_turns, _remove_turns),
    "messages": (_old_messages, _remove_messages),
    "replies": (_old_replies, _remove_replies),
    "commands": (_old_commands, _remove_commands),
    "shoppers": (_old_shoppers, _remove_shoppers),
}
"""In this order: what is deleted first sets free what comes after it."""
