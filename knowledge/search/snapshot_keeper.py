"""Keeps a snapshot up to date with the catalog, whichever process changed it."""

import logging
import threading
import time
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.catalog.models import Product
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.catalog import SynonymRow
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.ports import Clock, Embedder
from knowledge.search.columns import stock_level
from knowledge.search.embedder_source import EmbedderChain
from knowledge.search.query import Synonyms, everyday_synonyms, synonyms_of
from knowledge.search.snapshot import Snapshot
from knowledge.search.vector_store import VectorStore

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.5
_ASK_SECONDS = 15.0
_INLINE_CHANGES = 200
_REBUILD_FROM = 2000


class SnapshotKeeper:
    """Thread-safe. Readers take ``snapshot`` once and use that value to the end."""

    def __init__(
        self,
        units: UnitsOfWork,
        clock: Clock,
        embedders: EmbedderChain,
        ask_seconds: float = _ASK_SECONDS,
    ) -> None:
        self._units = units
        self._ask_seconds = ask_seconds
        self._clock = clock
        self._embedders = embedders
        self._lock = threading.Lock()
        self._looked_at = self._asked_at = 0.0
        self._behind: threading.Thread | None = None
        self._closed = False
        self.embedders: Sequence[Embedder] = ()
        """Those that can embed queries for the snapshot, best first."""
        self.synonyms: Synonyms = everyday_synonyms()
        self.snapshot = self._build()

    def follow(self) -> Snapshot:
        """Look for changes at most every half second; take a few in, leave many to a thread."""
        now = time.monotonic()
        if now - self._looked_at >= _POLL_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._looked_at = now
                self._catch_up(inline_only=True)
            finally:
                self._lock.release()
        return self.snapshot

    def refresh(self) -> Snapshot:
        """Take in every committed change before returning."""
        with self._lock:
            self._looked_at = time.monotonic()
            self._catch_up(inline_only=False)
        return self.snapshot

    def close(self) -> None:
        self._closed = True
        if self._behind is not None:
            self._behind.join(timeout=30)

    def _catch_up(self, *, inline_only: bool) -> None:
        with self._units.read() as session:
            newest = CatalogRepository(session, self._clock).revision()
        behind = newest - self.snapshot.revision
        if behind <= 0:
            if behind < 0:  # another database behind the same address
                self.snapshot = self._build()
            elif self._embedders.has_unknown and self._asked_at + self._ask_seconds <= (
                time.monotonic()
            ):
                self._ask_again()
            return
        if inline_only and behind > _INLINE_CHANGES:
            self._start_thread()
            return
        late = len(self.snapshot.late_products)
        if behind + late > max(_REBUILD_FROM, self.snapshot.main.size // 10):
            self.snapshot = self._build()
        else:
            self.snapshot = self._apply(self.snapshot)

    def _start_thread(self) -> None:
        if self._closed or (self._behind is not None and self._behind.is_alive()):
            return
        self._behind = threading.Thread(
            target=self._refresh_behind, name="search-refresh", daemon=True
        )
        self._behind.start()

    def _refresh_behind(self) -> None:
        try:
            self.refresh()
        except Exception:
            logger.exception("the search snapshot could not be brought up to date")

    def _ask_again(self) -> None:
        """A vendor that is well again changes nothing in the catalog that could be followed."""
        usable = self._usable()
        if usable != self.embedders:
            with self._units.read() as session:
                self.snapshot = self._with_vectors(self.snapshot, usable, session, [])
            self.embedders = usable

    def _usable(self) -> Sequence[Embedder]:
        self._asked_at = time.monotonic()
        return self._embedders.usable()

    def _build(self) -> Snapshot:
        usable = self.embedders = self._usable()
        with self._units.read() as session:
            catalog = CatalogRepository(session, self._clock)
            revision = catalog.revision()
            snapshot = Snapshot.build(catalog.iterate(), revision)
            self.synonyms = _synonyms(session)
            return self._with_vectors(snapshot, usable, session, [])

    def _apply(self, snapshot: Snapshot) -> Snapshot:
        with self._units.read() as session:
            catalog = CatalogRepository(session, self._clock)
            changes = catalog.changes_since(snapshot.revision)
            revision = changes[-1].revision
            kinds: dict[str, set[str]] = {}
            for change in changes:
                kinds.setdefault(change.product_id, set()).add(change.kind)
            products = catalog.get_many(kinds)
        levels: dict[str, float] = {}
        changed: dict[str, Product | None] = {}
        for product_id, seen in kinds.items():
            product = products.get(product_id)
            if (
                product is None
                or seen - {"stock", "vector"}
                or product_id in snapshot.late_products
            ):
                if seen != {"vector"}:
                    changed[product_id] = product
            elif "stock" in seen:
                levels[product_id] = stock_level(product)
        if changed:
            snapshot = snapshot.with_products(revision, changed)
        snapshot = snapshot.with_stock(revision, levels)
        if all(seen == {"stock"} for seen in kinds.values()):
            return snapshot
        self.embedders = usable = self._usable()
        embedded = [one for one, seen in kinds.items() if "vector" in seen]
        with self._units.read() as session:
            return self._with_vectors(snapshot, usable, session, embedded)

    def _with_vectors(
        self,
        snapshot: Snapshot,
        usable: Sequence[Embedder],
        session: Session,
        embedded: Sequence[str],
    ) -> Snapshot:
        """All vectors of embedders that are new to the snapshot, and those just made."""
        store = VectorStore(session, self._clock)
        for embedder in usable:
            whole = embedder.name not in snapshot.embedders
            if whole or embedded:
                ids, vectors = store.load(embedder.name, None if whole else embedded)
                by_id = dict(zip(ids, vectors, strict=True))
                snapshot = snapshot.with_vectors(embedder.name, by_id, embedder.dimension)
        return snapshot.with_embedders([embedder.name for embedder in usable])


def _synonyms(session: Session) -> Synonyms:
    pairs = session.execute(select(SynonymRow.word, SynonymRow.means))
    return synonyms_of([(row.word, row.means) for row in pairs], everyday_synonyms())
