"""Keeps what was read of a large file until all of it is applied, so that it can go on."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, cast

from sqlalchemy import CursorResult, Table, delete, insert, select, update
from sqlalchemy.orm import Session

from knowledge.catalog.import_report import ImportReport, RowError
from knowledge.catalog.models import Product
from knowledge.catalog.record import read_record
from knowledge.db.rows.catalog import ImportRunRow, ImportStageRow
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Contended
from knowledge.ports import Clock

_STAGE = cast("Table", ImportStageRow.__table__)
_RUNS = cast("Table", ImportRunRow.__table__)
_BATCH = 500
_CHUNK = 1 << 20
_KEPT = timedelta(days=7)
_STAGING = "staging"
Numbered = Iterable[tuple[int, Product, object]]


@dataclass(frozen=True, slots=True)
class Staged:
    """What an interrupted import had read: rows up to ``position``."""

    run_id: str
    position: int
    rows: int
    rejected: int
    nameless: int
    errors: tuple[RowError, ...]
    first_seen: Mapping[str, int]
    refused: frozenset[str]
    hidden: frozenset[str]


class ImportStage:
    """Good rows in ``import_stage``, how far they go in ``import_runs``."""

    def __init__(self, units: UnitsOfWork, clock: Clock) -> None:
        self.units = units
        self.clock = clock

    def interrupted(self, fingerprint: str) -> Staged | None:
        """The same import, begun and not ended."""
        with self.units.read() as session:
            run = session.scalars(
                select(ImportRunRow)
                .where(ImportRunRow.fingerprint == fingerprint, ImportRunRow.status == _STAGING)
                .order_by(ImportRunRow.id.desc())
                .limit(1)
            ).first()
            if run is None:
                return None
            seen = session.execute(
                select(_STAGE.c.product_id, _STAGE.c.number).where(_STAGE.c.run_id == run.id)
            )
            counts = run.counts
            return Staged(
                run.id,
                run.position,
                counts.get("rows", 0),
                counts.get("rejected", 0),
                counts.get("nameless", 0),
                tuple(RowError.from_json(error) for error in run.errors),
                {row.product_id: row.number for row in seen},
                frozenset(counts.get("refused", ())),
                frozenset(counts.get("hidden", ())),
            )

    def begin(
        self, report: ImportReport, fingerprint: str, feed_id: str | None, started: datetime
    ) -> None:
        """Open a run, and forget those nobody went on with for a week."""
        with self.units.write() as session:
            session.execute(
                delete(ImportRunRow).where(
                    ImportRunRow.status == _STAGING, ImportRunRow.started_at < started - _KEPT
                )
            )
            session.add(
                ImportRunRow(
                    id=report.run_id,
                    source=report.source,
                    started_at=started,
                    counts={},
                    errors=[],
                    status=_STAGING,
                    feed_id=feed_id,
                    fingerprint=fingerprint,
                    position=0,
                )
            )

    def take(
        self, rows: Numbered, report: ImportReport, state: Callable[[], Mapping[str, Any]]
    ) -> None:
        """Keep rows batch by batch. ``state`` tells at which row the reader is, among others.

        Raises ``Contended`` when another process does the same.
        """
        position = report.resumed_at
        remaining = iter(rows)
        while batch := list(islice(remaining, _BATCH)):
            with self.units.write() as session:
                session.execute(
                    insert(_STAGE),
                    [
                        {
                            "run_id": report.run_id,
                            "number": number,
                            "product_id": product.id,
                            "product": data,
                        }
                        for number, product, data in batch
                    ],
                )
                known = dict(state())
                last = known.pop("row")
                moved = session.execute(
                    update(_RUNS)
                    .where(_RUNS.c.id == report.run_id, _RUNS.c.position == position)
                    .values(
                        position=last,
                        counts=report.counts() | known,
                        errors=[error.as_json() for error in report.errors],
                    )
                )
                if not cast("CursorResult[Any]", moved).rowcount:
                    raise Contended("Another import of the same file is running.")
            position = last

    def products(self, session: Session, run_id: str, currency: str) -> Iterator[Product]:
        """The rows kept, as the products they were checked to be."""
        last = -1
        query = select(_STAGE.c.number, _STAGE.c.product).order_by(_STAGE.c.number).limit(_BATCH)
        while True:
            part = session.execute(
                query.where(_STAGE.c.run_id == run_id, _STAGE.c.number > last)
            ).all()
            if not part:
                return
            for row in part:
                yield read_record(row.product, currency)
            last = part[-1].number

    def finish(self, session: Session, report: ImportReport) -> None:
        """Within the transaction that applied the rows."""
        session.execute(delete(_STAGE).where(_STAGE.c.run_id == report.run_id))
        session.execute(
            update(_RUNS)
            .where(_RUNS.c.id == report.run_id)
            .values(
                status="done",
                finished_at=self.clock.now(),
                counts=report.counts(),
                errors=[error.as_json() for error in report.errors],
            )
        )

    def drop(self, run_id: str) -> None:
        """Forget a file that turned out to be unusable."""
        with self.units.write() as session:
            session.execute(delete(ImportRunRow).where(ImportRunRow.id == run_id))


def fingerprint_of(path: Path, identity: str) -> str:
    """Tells whether an import is the one that was interrupted."""
    digest = hashlib.sha256(identity.encode())
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
