"""The feed of catalog changes that every process follows, in the order of commits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from knowledge.db.rows.catalog import CatalogChangeRow
from knowledge.ports import Clock

ChangeKind = Literal["added", "changed", "stock", "delisted", "vector"]
# Of the table, not of the class: the ORM takes twice as long for rows nobody wants back.
_RECORD = insert(cast("Table", CatalogChangeRow.__table__))
_WRITE_LOCK = 0x5AC0CA7A  # any constant: writers of the catalog queue for it


@dataclass(frozen=True, slots=True)
class CatalogChange:
    """One product that changed. ``stock`` and ``vector`` leave its words alone."""

    revision: int
    product_id: str
    kind: ChangeKind


class CatalogChanges:
    """Writes and reads the feed. Revisions become visible in ascending order."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def lock(self) -> None:
        """Make other writers of the catalog wait for this transaction to end.

        Revisions are handed out before the commit; without the lock a reader could see 8, take it
        as read, and never learn of a 7 that commits later. Take it before any product row is
        locked, so that two writers cannot wait for each other. SQLite has one writer anyway.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})

    def record(self, product_ids: Iterable[str], kind: ChangeKind) -> None:
        now = self._clock.now()
        rows = [{"product_id": one, "kind": kind, "at": now} for one in product_ids]
        if rows:
            self._session.execute(_RECORD, rows)

    def revision(self) -> int:
        return self._session.scalar(select(func.max(CatalogChangeRow.revision))) or 0

    def since(self, revision: int, limit: int) -> Sequence[CatalogChange]:
        """Changes after ``revision``, oldest first."""
        rows = self._session.execute(
            select(CatalogChangeRow.revision, CatalogChangeRow.product_id, CatalogChangeRow.kind)
            .where(CatalogChangeRow.revision > revision)
            .order_by(CatalogChangeRow.revision)
            .limit(limit)
        )
        return [CatalogChange(row.revision, row.product_id, row.kind) for row in rows]
