"""The job queue: added in the transaction that wants the work, taken by one worker at a time."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Table, and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from knowledge.db.rows.shop import JobRow
from knowledge.errors import Conflict, NotFound
from knowledge.ids import new_id
from knowledge.jobs.models import Job, JobStatus
from knowledge.ports import Clock

_JOBS = cast("Table", JobRow.__table__)
_FINISHED = ("done", "dead")
_LONGEST_ERROR = 1000


class Jobs:
    """Jobs of all kinds. Each is done at least once: handlers are told the id to know a repeat."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def add(
        self,
        kind: str,
        payload: dict[str, Any],
        *,
        due_at: datetime | None = None,
        key: str | None = None,
    ) -> str | None:
        """Queue work; it exists when the transaction commits. Returns the id of the job.

        None when an unfinished one has the same key; a finished one gives its key up.
        """
        now = self._clock.now()
        job_id = new_id("j")
        if key is not None:
            self._session.execute(
                update(_JOBS)
                .where(_JOBS.c.key == key, _JOBS.c.status.in_(_FINISHED))
                .values(key=None)
            )
        sqlite_here = self._session.get_bind().dialect.name == "sqlite"
        dialect = sqlite if sqlite_here else postgresql
        added = self._session.execute(
            dialect.insert(_JOBS)
            .values(
                id=job_id,
                kind=kind,
                payload=payload,
                status="waiting",
                attempts=0,
                due_at=due_at or now,
                lease_until=None,
                last_error=None,
                created_at=now,
                finished_at=None,
                key=key,
            )
            .on_conflict_do_nothing(index_elements=["key"])
        )
        return job_id if _count(added) else None

    def counts(self) -> dict[str, int]:
        """How many wait, run, or were given up; those that are done are not counted."""
        rows = self._session.execute(
            select(_JOBS.c.status, func.count())
            .where(_JOBS.c.status != "done")
            .group_by(_JOBS.c.status)
        )
        return {str(status): int(count) for status, count in rows}

    def has_due(self, kinds: Collection[str]) -> bool:
        """Whether ``claim`` would find something; needs no write."""
        found = self._session.scalar(select(_JOBS.c.id).where(self._due(kinds)).limit(1))
        return found is not None

    def claim(self, kinds: Collection[str], *, lease: timedelta) -> Job | None:
        """Take the job that waits longest, also one whose worker let its lease lapse."""
        now = self._clock.now()
        first = (
            select(_JOBS.c.id)
            .where(self._due(kinds))
            .order_by(_JOBS.c.due_at, _JOBS.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = self._session.execute(
            update(_JOBS)
            .where(_JOBS.c.id == first.scalar_subquery(), self._due(kinds))
            .values(status="running", attempts=_JOBS.c.attempts + 1, lease_until=now + lease)
            .returning(*_JOBS.c)
        ).one_or_none()
        return None if row is None else _to_job(row)

    def extend(self, job_id: str, attempt: int, *, lease: timedelta) -> bool:
        """Go on holding a job; false when another attempt has it."""
        return self._leave(job_id, attempt, {"lease_until": self._clock.now() + lease})

    def done(self, job_id: str, *, attempt: int | None = None) -> bool:
        return self._leave(job_id, attempt, self._finished("done") | {"last_error": None})

    def retry(
        self, job_id: str, error: str, due_at: datetime, *, attempt: int | None = None
    ) -> bool:
        """Put a job back, to be taken again at ``due_at``."""
        values = {
            "status": "waiting",
            "due_at": due_at,
            "lease_until": None,
            "last_error": error[:_LONGEST_ERROR],
        }
        return self._leave(job_id, attempt, values)

    def fail(self, job_id: str, error: str, *, attempt: int | None = None) -> bool:
        """Give a job up. It stays, dead, until somebody revives it."""
        values = self._finished("dead") | {"last_error": error[:_LONGEST_ERROR]}
        return self._leave(job_id, attempt, values)

    def revive(self, job_id: str) -> Job:
        """Have a dead job, or one that waits, tried at once. Raises ``NotFound``, ``Conflict``."""
        row = self._session.execute(
            update(_JOBS)
            .where(_JOBS.c.id == job_id, _JOBS.c.status.in_(("dead", "waiting")))
            .values(status="waiting", attempts=0, due_at=self._clock.now(), finished_at=None)
            .returning(*_JOBS.c)
        ).one_or_none()
        if row is not None:
            return _to_job(row)
        raise Conflict(f"Job {job_id} is {self.get(job_id).status}; it cannot be tried again.")

    def get(self, job_id: str) -> Job:
        row = self._session.execute(select(_JOBS).where(_JOBS.c.id == job_id)).one_or_none()
        if row is None:
            raise NotFound(f"There is no job {job_id}.")
        return _to_job(row)

    def list(self, status: JobStatus | None = None, *, limit: int = 100) -> list[Job]:
        """The newest first."""
        query = select(_JOBS).order_by(_JOBS.c.created_at.desc(), _JOBS.c.id.desc()).limit(limit)
        if status is not None:
            query = query.where(_JOBS.c.status == status)
        return [_to_job(row) for row in self._session.execute(query)]

    def forget_done(self, before: datetime) -> int:
        """Delete what was done before a moment: payloads tell of people. Returns how many."""
        over = delete(_JOBS).where(_JOBS.c.status == "done", _JOBS.c.finished_at < before)
        return _count(self._session.execute(over))

    def _due(self, kinds: Collection[str]) -> ColumnElement[bool]:
        now = self._clock.now()
        return and_(
            _JOBS.c.kind.in_(list(kinds)),
            or_(
                and_(_JOBS.c.status == "waiting", _JOBS.c.due_at <= now),
                and_(_JOBS.c.status == "running", _JOBS.c.lease_until <= now),
            ),
        )

    def _finished(self, status: JobStatus) -> dict[str, Any]:
        return {"status": status, "finished_at": self._clock.now(), "lease_until": None}

    def _leave(self, job_id: str, attempt: int | None, values: dict[str, Any]) -> bool:
        """Change a running job, unless ``attempt`` is given and another one has it."""
        held = update(_JOBS).where(_JOBS.c.id == job_id, _JOBS.c.status == "running")
        if attempt is not None:
            held = held.where(_JOBS.c.attempts == attempt)
        return bool(_count(self._session.execute(held.values(**values))))


def _count(result: Any) -> int:  # noqa: ANN401 - of any statement
    return cast("CursorResult[Any]", result).rowcount


def _to_job(row: Row[Any]) -> Job:
    return Job(**row._asdict())
