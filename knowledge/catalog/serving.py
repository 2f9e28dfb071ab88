"""Keeps the catalog equal to the one file a shop serves, importing it when it has changed."""

import hashlib
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.catalog.import_report import ImportReport
from knowledge.catalog.importing import ImportTerms, Progress, import_file
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.catalog import ImportRunRow
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.ports import Clock

_SERVED = "served_file"
_CHUNK = 1 << 20


def serve_file(
    path: Path,
    units: UnitsOfWork,
    clock: Clock,
    currency: str,
    progress: Progress | None = None,
) -> ImportReport | None:
    """Import a file as the whole range of the shop; None when it was served last and is the same.

    Products the file does not name are delisted. Stock is set to what the file says, which is
    why an unchanged file must not be imported again.
    """
    digest = _digest(path)
    with units.read() as session:
        if _served(session) == digest:
            return None
    whole = ImportTerms(delist="shop", force=True)
    report = import_file(path, units, clock, currency, progress, terms=whole)
    with units.write() as session:
        run = session.get_one(ImportRunRow, report.run_id)
        # Kept last: a start that is killed in between does all of it again.
        run.counts = {**run.counts, _SERVED: digest}
    return report


def is_stocked(units: UnitsOfWork, clock: Clock) -> bool:
    """Whether the shop has products, from whatever source."""
    with units.read() as session:
        return CatalogRepository(session, clock).count() > 0


def _served(session: Session) -> str | None:
    """The digest of the file served last."""
    runs = session.scalars(select(ImportRunRow).order_by(ImportRunRow.id.desc()))
    for run in runs:
        if _SERVED in run.counts:
            return str(run.counts[_SERVED])
    return None


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
