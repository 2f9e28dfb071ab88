"""Asks a source for the products' barcodes, keeps its answers, and fills what is unknown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.catalog.enrichment.barcodes import normalise
from knowledge.catalog.enrichment.facts import usable
from knowledge.catalog.enrichment.filling import fill
from knowledge.catalog.product_rows import PRODUCTS
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.catalog import EnrichmentRow
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Unavailable
from knowledge.ports import Clock, ProductFacts

KNOWN_FOR = timedelta(days=90)
UNKNOWN_FOR = timedelta(days=30)
_BATCH = 200
Progress = Callable[[int, int], None]
"""(asked, to ask)."""


@dataclass(slots=True)
class EnrichReport:
    """``barcodes`` of listed products; ``asked`` of the source; ``known`` to it, also by the cache.

    ``left`` were not asked for: the limit, or ``stopped`` says what else.
    """

    products: int = 0
    barcodes: int = 0
    asked: int = 0
    known: int = 0
    filled: int = 0
    left: int = 0
    stopped: str = ""


class Enricher:
    """Answers are kept, also "not known", so that nobody is asked twice within weeks."""

    def __init__(self, units: UnitsOfWork, clock: Clock, source: ProductFacts) -> None:
        self._units = units
        self._clock = clock
        self._source = source

    def run(self, limit: int | None = None, progress: Progress | None = None) -> EnrichReport:
        """Ask for at most ``limit`` barcodes; what is in the cache is filled in any case."""
        report = EnrichReport()
        wanted = self._wanted(report)
        kept = self._kept(list(wanted))
        for gtins in _batches([gtin for gtin in wanted if gtin in kept]):
            report.known += sum(1 for gtin in gtins if kept[gtin] is not None)
            facts = {gtin: kept[gtin] for gtin in gtins}
            with self._units.write() as session:
                report.filled += self._fill(session, wanted, facts)
        missing = [gtin for gtin in wanted if gtin not in kept]
        report.left = len(missing)
        asking = missing[:limit]
        for number, gtin in enumerate(asking, 1):
            try:
                found = self._source.find(gtin)
            except Unavailable as error:
                report.stopped = str(error)
                break
            report.asked += 1
            report.left -= 1
            report.known += found is not None
            with self._units.write() as session:
                self._keep(session, gtin, found)
                report.filled += self._fill(session, wanted, {gtin: found})
            if progress is not None:
                progress(number, len(asking))
        return report

    def _wanted(self, report: EnrichReport) -> dict[str, list[str]]:
        """Ids of listed products by barcode."""
        found: dict[str, list[str]] = {}
        query = (
            select(PRODUCTS.c.id, PRODUCTS.c.gtin).where(PRODUCTS.c.listed).order_by(PRODUCTS.c.id)
        )
        with self._units.read() as session:
            for row in session.execute(query):
                report.products += 1
                gtin = normalise(row.gtin)
                if gtin is not None:
                    found.setdefault(gtin, []).append(row.id)
        report.barcodes = len(found)
        return found

    def _kept(self, gtins: Sequence[str]) -> dict[str, Mapping[str, Any] | None]:
        """Answers that hold still."""
        now = self._clock.now()
        found: dict[str, Mapping[str, Any] | None] = {}
        with self._units.read() as session:
            for part in _batches(gtins):
                rows = session.scalars(
                    select(EnrichmentRow).where(
                        EnrichmentRow.gtin.in_(part),
                        EnrichmentRow.source == self._source.source,
                        EnrichmentRow.expires_at > now,
                    )
                )
                found.update({row.gtin: row.data for row in rows})
        return found

    def _keep(self, session: Session, gtin: str, found: Mapping[str, Any] | None) -> None:
        now = self._clock.now()
        session.merge(
            EnrichmentRow(
                gtin=gtin,
                source=self._source.source,
                data=None if found is None else dict(found),
                fetched_at=now,
                expires_at=now + (UNKNOWN_FOR if found is None else KNOWN_FOR),
            )
        )

    def _fill(
        self,
        session: Session,
        wanted: Mapping[str, Sequence[str]],
        facts: Mapping[str, Mapping[str, Any] | None],
    ) -> int:
        """Read the products anew: somebody may have said more of them by now."""
        catalog = CatalogRepository(session, self._clock)
        known = {gtin: usable(found) for gtin, found in facts.items() if found is not None}
        ids = {one: gtin for gtin in known for one in wanted[gtin]}
        changed = []
        for product in catalog.get_many(ids).values():
            filled = fill(product, known[ids[product.id]], self._source.source)
            if filled is not product and normalise(product.gtin) == ids[product.id]:
                changed.append(filled)
        return catalog.enrich(changed) if changed else 0


def _batches(values: Sequence[str]) -> list[Sequence[str]]:
    return [values[start : start + _BATCH] for start in range(0, len(values), _BATCH)]
