"""Keeps a snapshot up to date with the catalog, whichever process changed it."""

import logging
import threading
import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.catalog.models import Product
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.catalog import SynonymRow
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.ports import Clock, Vectors
from knowledge.search.columns import stock_level
from knowledge.search.embedder_source import EmbedderSource
from knowledge.search.query import Synonyms, everyday_synonyms, synonyms_of
from knowledge.search.snapshot import Snapshot
from knowledge.search.vector_store import VectorStore

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.5
_INLINE_CHANGES = 200
_REBUILD_FROM = 2000


class SnapshotKeeper:
    """Thread-safe. Readers take ``snapshot`` once and use that value to the end."""

    def __init__(self, units: UnitsOfWork, clock: Clock, embedders: EmbedderSource) -> None:
        self._units = units
        self._clock = clock
        self._embedders = embedders
        self._lock = threading.Lock()
        self._looked_at = 0.0
        self._behind: threading.Thread | None = None
        self._closed = False
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

    def _build(self) -> Snapshot:
        embedder = self._embedders.current()
        with self._units.read() as session:
            catalog = CatalogRepository(session, self._clock)
            revision = catalog.revision()
            snapshot = Snapshot.build(catalog.iterate(), revision)
            self.synonyms = _synonyms(session)
            if embedder is None:
                return snapshot
            ids, vectors = VectorStore(session, self._clock).load(embedder.name)
        return snapshot.with_vectors(
            embedder.name, dict(zip(ids, vectors, strict=True)), embedder.dimension
        )

    def _apply(self, snapshot: Snapshot) -> Snapshot:
        embedder = self._embedders.current()
        with self._units.read() as session:
            catalog = CatalogRepository(session, self._clock)
            changes = catalog.changes_since(snapshot.revision)
            revision = changes[-1].revision
            kinds: dict[str, set[str]] = {}
            for change in changes:
                kinds.setdefault(change.product_id, set()).add(change.kind)
            products = catalog.get_many(kinds)
            embedded = [one for one, seen in kinds.items() if "vector" in seen]
            store = VectorStore(session, self._clock)
            whole = embedder is not None and embedder.name != snapshot.embedder
            ids: list[str] = []
            vectors: Vectors | None = None
            if embedder is not None and (embedded or whole):
                ids, vectors = store.load(embedder.name, None if whole else embedded)
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
        if embedder is not None and vectors is not None:
            if whole:
                snapshot = snapshot.without_vectors()
            snapshot = snapshot.with_vectors(
                embedder.name, dict(zip(ids, vectors, strict=True)), embedder.dimension
            )
        return snapshot


def _synonyms(session: Session) -> Synonyms:
    pairs = session.execute(select(SynonymRow.word, SynonymRow.means))
    return synonyms_of([(row.word, row.means) for row in pairs], everyday_synonyms())
