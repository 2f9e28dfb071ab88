"""Makes the vectors of the catalog and keeps SQL and Chroma in step; one process does it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from knowledge.catalog.changes import CatalogChanges
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Unavailable
from knowledge.ports import Clock, Embedder
from knowledge.search.chroma_index import ChromaIndex, VectorIndexUnavailable
from knowledge.search.document import embedding_text
from knowledge.search.embedder_source import EmbedderChain, Embedders, chain_of
from knowledge.search.embedding_run import Embedded, EmbeddingRun, Progress
from knowledge.search.lsa import LSA_PREFIX, LsaEmbedder, fit_lsa
from knowledge.search.vector_store import StoredEmbedder, VectorStore

logger = logging.getLogger(__name__)

_LOADED = 5000
_GROWN = 1.5
"""LSA is fitted anew when the catalog is that much larger or smaller than when it was fitted."""
_POLL_SECONDS = 1.0
_RETRY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class IndexReport:
    """``embedder`` is the best one in use; None when the catalog is too small to learn from."""

    embedder: str | None
    embedded: int = 0
    fitted: bool = False
    rebuilt: bool = False
    refused: tuple[str, ...] = ()
    """Products whose text a vendor does not embed; they are found by their words."""


class Indexer:
    """``index`` may be missing; SQL has it all. See ``Embedders`` for what may be given."""

    def __init__(
        self,
        units: UnitsOfWork,
        clock: Clock,
        embedders: Embedders,
        index: ChromaIndex | None,
    ) -> None:
        self._units = units
        self._clock = clock
        # The one fitted here first: it is there in seconds, and searches use it meanwhile.
        self._given = sorted(chain_of(embedders), key=lambda given: given is not None)
        self._chain = EmbedderChain(units, clock, embedders)
        self.index = index
        self.indexed: str | None = None
        """Whose vectors the index has."""

    def run(self, progress: Progress | None = None) -> IndexReport:
        """Bring vectors and Chroma up to date. Safe to repeat and to kill at any moment.

        Raises ``Unavailable`` when a vendor's embedder or Chroma cannot be reached; all that could
        be done without it is done then.
        """
        done: list[Embedded] = []
        fitted = False
        problem: Unavailable | None = None
        for given in self._given:
            embedder, is_new = (given, False) if given is not None else self._fitted()
            if embedder is None:
                continue
            try:
                done.append(EmbeddingRun(self._units, self._clock, embedder).run(progress))
            except Unavailable as error:
                problem = error
                continue
            if is_new or given is not None:
                self._keep(embedder)
            fitted = fitted or is_new
        usable = self._chain.usable()
        rebuilt = bool(usable) and self._projected(usable[0])
        if problem is not None:
            raise problem
        return IndexReport(
            usable[0].name if usable else None,
            sum(one.count for one in done),
            fitted,
            rebuilt,
            tuple(product for one in done for product in one.refused),
        )

    def revision(self) -> int:
        with self._units.read() as session:
            return CatalogRepository(session, self._clock).revision()

    def _fitted(self) -> tuple[Embedder | None, bool]:
        """The LSA of this catalog, and whether it was fitted just now."""
        with self._units.read() as session:
            store = VectorStore(session, self._clock)
            name = store.newest_name(LSA_PREFIX)
            stored = None if name is None else store.embedder(name)
            count = CatalogRepository(session, self._clock).count()
        if stored is not None and stored.model is not None:
            fitted = LsaEmbedder.load(stored.name, stored.model)
            if count / _GROWN <= fitted.fitted_on <= count * _GROWN:
                return fitted, False
        with self._units.read() as session:
            products = CatalogRepository(session, self._clock).iterate()
            return fit_lsa([embedding_text(product) for product in products]), True

    def _keep(self, embedder: Embedder) -> None:
        """Make a complete set of vectors the one that counts, and forget older fits."""
        with self._units.write() as session:
            store = VectorStore(session, self._clock)
            if store.embedder(embedder.name) is not None:
                return
            model = embedder.dump() if isinstance(embedder, LsaEmbedder) else None
            store.keep_embedder(StoredEmbedder(embedder.name, embedder.dimension, model))
            if isinstance(embedder, LsaEmbedder):
                store.drop_others(LSA_PREFIX, embedder.name)
            changes = CatalogChanges(session, self._clock)
            changes.lock()
            changes.record(["*"], "vector")

    def _projected(self, embedder: Embedder) -> bool:
        try:
            return self._project(embedder)
        except VectorIndexUnavailable:
            if self.index is None or not self.index.start_over():
                raise
            logger.warning("the vector index was damaged and is made again from SQL")
            return self._project(embedder)

    def _project(self, embedder: Embedder) -> bool:
        """Bring Chroma to the vectors in SQL: by the feed of changes, or from nothing."""
        if self.index is None:
            return False
        self.index.use(embedder.name, embedder.dimension)
        self.indexed = embedder.name
        with self._units.read() as session:
            catalog = CatalogRepository(session, self._clock)
            store = VectorStore(session, self._clock)
            newest = catalog.revision()
            changes = catalog.changes_since(self.index.revision, limit=_LOADED)
            complete = self.index.revision > 0 and len(changes) < _LOADED
            if complete and changes:
                touched = {change.product_id for change in changes if change.kind != "stock"}
                ids, vectors = store.load(embedder.name, touched)
                self.index.upsert(ids, vectors)
                self.index.delete(sorted(touched - set(ids)))
            ids, vectors = store.load(embedder.name)
            usable = int(vectors.any(axis=1).sum()) if len(ids) else 0
        rebuilt = not complete or self.index.count() != usable
        if rebuilt:
            self.index.clear()
            self.index.upsert(ids, vectors)
        if self.index.revision != newest:
            self.index.mark(newest)
        return rebuilt


class IndexerThread:
    """Runs an indexer in the owner whenever the catalog has changed."""

    def __init__(
        self, open_indexer: Callable[[], Indexer], ready: Callable[[Indexer], None]
    ) -> None:
        self._open = open_indexer
        self._ready = ready
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="search-indexer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=60)

    def _work(self) -> None:
        indexer: Indexer | None = None
        done = -1
        wait = _POLL_SECONDS
        while not self._stop.is_set():
            try:
                if indexer is None:
                    indexer = self._open()
                newest = indexer.revision()
                if newest != done:
                    indexer.run()
                    done = newest
                    self._ready(indexer)
                wait = _POLL_SECONDS
            except Unavailable as error:
                logger.warning("vectors are not up to date, words still are: %s", error)
                wait = _RETRY_SECONDS
                if indexer is not None and indexer.indexed is not None:
                    self._ready(indexer)
            except Exception:
                logger.exception("the indexer failed")
                wait = _RETRY_SECONDS
            self._stop.wait(wait)
        if indexer is not None and indexer.index is not None:
            indexer.index.close()
