"""Imports a product file: good rows in one transaction, bad ones in a report."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from knowledge.catalog.import_report import ImportProgress, ImportReport, UnreadableImport
from knowledge.catalog.models import Product
from knowledge.catalog.record import InvalidRecord, read_record
from knowledge.catalog.record_files import RecordFile, open_records
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.catalog import ImportRunRow
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.ids import new_id
from knowledge.ports import Clock

_PROGRESS_EVERY = 500
Progress = Callable[[ImportProgress], None]


def import_file(
    path: Path,
    shop_units: UnitsOfWork,
    clock: Clock,
    currency: str,
    progress: Progress | None = None,
) -> ImportReport:
    """Apply all good rows or, when the file itself is unusable, nothing.

    Raises ``UnreadableImport``. Rows are read, checked and written as a stream; a kill at any
    moment leaves the catalog as it was.
    """
    report = ImportReport(path.name, new_id("imp"))
    started = clock.now()
    try:
        with open_records(path) as records, shop_units.write() as session:
            products = _good_rows(records, currency, report, progress)
            counts = CatalogRepository(session, clock).upsert(products)
            report.added, report.changed = counts.added, counts.changed
            report.unchanged = counts.unchanged
            _keep(session, report, started, clock.now())
    except UnreadableImport as error:
        failed = ImportReport(path.name, report.run_id, rows=report.rows)
        failed.reject(0, None, [("file", str(error))])
        with shop_units.write() as session:
            _keep(session, failed, started, clock.now())
        raise
    return report


def _good_rows(
    records: RecordFile, currency: str, report: ImportReport, progress: Progress | None
) -> Iterator[Product]:
    first_seen: dict[str, int] = {}
    for number, data, problem in records.rows():
        report.rows += 1
        if progress is not None and report.rows % _PROGRESS_EVERY == 0:
            progress(ImportProgress(report.rows, records.bytes_read, records.bytes_total))
        if problem is not None:
            report.reject(number, None, [("record", problem)])
            continue
        try:
            product = read_record(data, currency)
        except InvalidRecord as error:
            named = data.get("id") if isinstance(data, dict) else None
            report.reject(number, str(named)[:64] if named else None, error.problems)
            continue
        if (earlier := first_seen.setdefault(product.id, number)) != number:
            report.reject(number, product.id, [("id", f"was already given in row {earlier}")])
            continue
        yield product
    if progress is not None:
        progress(ImportProgress(report.rows, records.bytes_total, records.bytes_total))


def _keep(session: Session, report: ImportReport, started: datetime, finished: datetime) -> None:
    session.add(
        ImportRunRow(
            id=report.run_id,
            source=report.source,
            started_at=started,
            finished_at=finished,
            counts=report.counts(),
            errors=[error.as_json() for error in report.errors],
        )
    )
