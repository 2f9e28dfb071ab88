"""Replies on their way to channels that cannot be answered in the same breath."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from knowledge.conversations.models import OutboxEntry
from knowledge.db.rows.talk import OutboxRow
from knowledge.ids import new_id
from knowledge.ports import Clock

_ADD = insert(cast("Table", OutboxRow.__table__))


class Outbox:
    """Written in the transaction that records the turn, sent by the worker afterwards."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def add(
        self,
        *,
        channel: str,
        peer: str,
        payload: dict[str, Any],
        turn_id: str | None = None,
        seq: int = 0,
    ) -> str:
        now = self._clock.now()
        entry_id = new_id("out")
        self._session.execute(
            _ADD,
            {
                "id": entry_id,
                "turn_id": turn_id,
                "seq": seq,
                "channel": channel,
                "peer": peer,
                "payload": payload,
                "status": "waiting",
                "attempts": 0,
                "due_at": now,
                "vendor_id": None,
                "last_error": None,
                "created_at": now,
                "sent_at": None,
            },
        )
        return entry_id

    def take_due(self, *, limit: int, lease: timedelta) -> list[OutboxEntry]:
        """Replies to send now; another worker does not see them until the lease is over."""
        now = self._clock.now()
        rows = self._session.scalars(
            select(OutboxRow)
            .where(OutboxRow.status == "waiting", OutboxRow.due_at <= now)
            .order_by(OutboxRow.due_at, OutboxRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.attempts += 1
            row.due_at = now + lease
        self._session.flush()
        return [_to_entry(row) for row in rows]

    def mark_sent(self, entry_id: str, *, vendor_id: str | None = None) -> None:
        self._change(
            entry_id, {"status": "sent", "vendor_id": vendor_id, "sent_at": self._clock.now()}
        )

    def mark_failed(self, entry_id: str, error: str, *, retry_at: datetime | None) -> None:
        """Try again later, or never when ``retry_at`` is None."""
        values: dict[str, Any] = {"last_error": error}
        if retry_at is None:
            values["status"] = "failed"
        else:
            values["due_at"] = retry_at
        self._change(entry_id, values)

    def _change(self, entry_id: str, values: dict[str, Any]) -> None:
        self._session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == entry_id)
            .values(**values)
            .execution_options(synchronize_session="fetch")
        )


def _to_entry(row: OutboxRow) -> OutboxEntry:
    return OutboxEntry(
        id=row.id,
        turn_id=row.turn_id,
        seq=row.seq,
        channel=row.channel,
        peer=row.peer,
        payload=row.payload,
        attempts=row.attempts,
        due_at=row.due_at,
    )
