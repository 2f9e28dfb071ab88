"""The audit log: who did what that matters, for the owner's eyes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from knowledge.db.rows.people import AuditRow
from knowledge.ports import Clock

OWNER = "owner"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    actor: str
    action: str
    subject: str | None
    details: dict[str, Any]
    at: datetime


class AuditLog:
    """Written in the transaction that makes the change it tells of."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def note(
        self, action: str, subject: str | None = None, *, actor: str = OWNER, **details: object
    ) -> None:
        """``action`` is "order.cancel", "promotion.end" ...; ``subject`` the id it was done to."""
        self._session.execute(
            insert(AuditRow).values(
                actor=actor, action=action, subject=subject, details=details, at=self._clock.now()
            )
        )

    def latest(self, *, limit: int = 100) -> list[AuditEntry]:
        """The newest first."""
        rows = self._session.execute(
            select(AuditRow.__table__).order_by(AuditRow.id.desc()).limit(limit)
        )
        return [AuditEntry(row.actor, row.action, row.subject, row.details, row.at) for row in rows]
