"""Imports a product file: good rows in one transaction, bad ones in a report."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from knowledge.catalog.delisting import FullFeed, Scope, plan_delisting
from knowledge.catalog.feeds.mapping import ColumnMapping
from knowledge.catalog.feeds.opening import OpenFeed, open_feed
from knowledge.catalog.feeds.rows import FeedFormat, ReadingTerms
from knowledge.catalog.import_report import (
    ImportProgress,
    ImportReport,
    RowError,
    UnreadableImport,
)
from knowledge.catalog.import_stage import ImportStage, Staged, fingerprint_of
from knowledge.catalog.models import Product
from knowledge.catalog.record import InvalidRecord, read_record
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.catalog import ImportRunRow
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.ids import new_id
from knowledge.ports import Clock

_PROGRESS_EVERY = 500
STAGED_FROM_BYTES = 16 << 20
"""Smaller files are read again in seconds; staging doubles what is written."""
_REMEMBERED = 10_000
"""Refused products by name; a file with more of them cannot say what it no longer holds."""
Progress = Callable[[ImportProgress], None]


@dataclass(frozen=True, slots=True)
class ImportTerms:
    """How to take a file. ``delist`` says whose products it may end, ``force`` even if many."""

    format: FeedFormat | None = None
    mapping: ColumnMapping | None = None
    feed_id: str | None = None
    delist: Scope = "nothing"
    force: bool = False
    staged_from: int = STAGED_FROM_BYTES

    def identity(self, currency: str) -> str:
        """What else than the content makes two imports the same."""
        mapping = "" if self.mapping is None else self.mapping.model_dump_json()
        parts = (self.format, mapping, self.feed_id, self.delist, currency)
        return "\n".join(str(part) for part in parts)


AS_IT_IS = ImportTerms()


def import_file(
    path: Path,
    shop_units: UnitsOfWork,
    clock: Clock,
    currency: str,
    progress: Progress | None = None,
    *,
    terms: ImportTerms = AS_IT_IS,
    tell: Callable[[RowError], None] | None = None,
) -> ImportReport:
    """Apply all good rows or, when the file itself is unusable, nothing.

    Raises ``UnreadableImport``. Rows are read, checked and written as a stream; a kill at any
    moment leaves the catalog as it was. What was read of a large file is kept aside until it is
    applied, so that the same import goes on where an interrupted one was.
    """
    report = ImportReport(path.name, new_id("imp"), tell=tell)
    started = clock.now()
    reading = ReadingTerms(currency, started)
    try:
        opened = open_feed(path, reading, feed_format=terms.format, mapping=terms.mapping)
        with opened as feed:
            report.format = feed.format
            rows = _Rows(feed, currency, report, progress)
            if feed.bytes_total >= terms.staged_from:
                fingerprint = fingerprint_of(path, terms.identity(currency))
                stage = ImportStage(shop_units, clock)
                return _in_stages(stage, fingerprint, rows, terms, started)
            with shop_units.write() as session:
                _apply(session, clock, rows.products(), rows, terms)
                _keep(session, report, terms, (started, clock.now()))
    except UnreadableImport as error:
        failed = ImportReport(path.name, report.run_id, rows=report.rows, tell=tell)
        failed.reject(0, None, [("file", str(error))])
        with shop_units.write() as session:
            _keep(session, failed, terms, (started, clock.now()), status="failed")
        raise
    return report


class _Rows:
    """The rows of one file: good ones as products, the others in the report."""

    def __init__(
        self, feed: OpenFeed, currency: str, report: ImportReport, progress: Progress | None
    ) -> None:
        self._feed = feed
        self.currency = currency
        self._progress = progress
        self.report = report
        self.first_seen: dict[str, int] = {}
        self.refused: set[str] = set()
        self.hidden: set[str] = set()
        self.good = 0
        self.nameless = 0
        self.last = 0

    def products(self, after: int = 0) -> Iterator[Product]:
        return (product for _, product, _ in self.numbered(after))

    def numbered(self, after: int = 0) -> Iterator[tuple[int, Product, object]]:
        """(row number, product, its record) of the good rows after a number."""
        report, feed, first_seen = self.report, self._feed, self.first_seen
        for number, data, problem, hidden in feed.rows():
            if number <= after:
                continue
            self.last = number
            report.rows += 1
            if self._progress is not None and report.rows % _PROGRESS_EVERY == 0:
                self._progress(ImportProgress(report.rows, feed.bytes_read, feed.bytes_total))
            if problem is not None:
                self.nameless += 1
                column, text = problem
                report.reject(number, None, [("record", text)], {"record": column})
                continue
            if hidden:
                self._hide(data)
                continue
            try:
                product = read_record(data, self.currency)
            except InvalidRecord as error:
                self._refuse(number, data, error)
                continue
            if (earlier := first_seen.setdefault(product.id, number)) != number:
                twice = [("id", f"was already given in row {earlier}")]
                report.reject(number, product.id, twice, feed.columns)
                continue
            self.good += 1
            yield number, product, data
        if self._progress is not None:
            total = feed.bytes_total
            self._progress(ImportProgress(report.rows, total, total))

    def resume(self, staged: Staged) -> None:
        """Take over what an interrupted import knew."""
        self.first_seen.update(staged.first_seen)
        self.refused |= staged.refused
        self.hidden |= staged.hidden
        self.nameless = staged.nameless
        self.good = len(staged.first_seen)
        report = self.report
        report.run_id, report.resumed_at = staged.run_id, staged.position
        report.rows, report.rejected = staged.rows, staged.rejected
        for error in staged.errors:
            report.note(error)

    def state(self) -> dict[str, Any]:
        """What an interrupted import would have to know to go on."""
        return {
            "row": self.last,
            "refused": sorted(self.refused),
            "hidden": sorted(self.hidden),
            "nameless": self.nameless,
        }

    def held(self) -> FullFeed:
        named = self.first_seen.keys() | self.refused
        return FullFeed(self.good + len(self.hidden), named, self.nameless)

    def _hide(self, data: object) -> None:
        if isinstance(data, dict) and data.get("id"):
            self.hidden.add(str(data["id"]))

    def _refuse(self, number: int, data: object, error: InvalidRecord) -> None:
        named = data.get("id") if isinstance(data, dict) else None
        product_id = str(named)[:64] if named else None
        if product_id is None or len(self.refused) >= _REMEMBERED:
            self.nameless += 1
        else:
            self.refused.add(product_id)
        self.report.reject(number, product_id, error.problems, self._feed.columns)


def _apply(
    session: Session,
    clock: Clock,
    products: Iterator[Product],
    rows: _Rows,
    terms: ImportTerms,
) -> None:
    catalog = CatalogRepository(session, clock)
    report = rows.report
    counts = catalog.upsert(products, feed_id=terms.feed_id)
    report.added, report.changed = counts.added, counts.changed
    report.unchanged = counts.unchanged
    if rows.hidden:
        report.delisted += catalog.delist(rows.hidden - rows.first_seen.keys())
    plan = plan_delisting(
        session, rows.held(), scope=terms.delist, feed_id=terms.feed_id, force=terms.force
    )
    report.delisted += catalog.delist(plan.gone)
    report.withheld, report.withheld_because = plan.withheld, plan.because


def _in_stages(
    stage: ImportStage, fingerprint: str, rows: _Rows, terms: ImportTerms, started: datetime
) -> ImportReport:
    report = rows.report
    staged = stage.interrupted(fingerprint)
    if staged is None:
        stage.begin(report, fingerprint, terms.feed_id, started)
    else:
        rows.resume(staged)
    try:
        stage.take(rows.numbered(report.resumed_at), report, rows.state)
    except UnreadableImport:
        stage.drop(report.run_id)
        raise
    with stage.units.write() as session:
        products = stage.products(session, report.run_id, rows.currency)
        _apply(session, stage.clock, products, rows, terms)
        stage.finish(session, report)
    return report


def _keep(
    session: Session,
    report: ImportReport,
    terms: ImportTerms,
    times: tuple[datetime, datetime],
    *,
    status: str = "done",
) -> None:
    session.add(
        ImportRunRow(
            id=report.run_id,
            source=report.source,
            started_at=times[0],
            finished_at=times[1],
            counts=report.counts(),
            errors=[error.as_json() for error in report.errors],
            status=status,
            feed_id=terms.feed_id,
            position=report.rows,
        )
    )
