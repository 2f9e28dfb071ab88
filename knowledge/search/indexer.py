"""Makes the vectors of the catalog and keeps SQL and Chroma in step; one process does it."""

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from knowledge.catalog.changes import CatalogChanges
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Unavailable
from knowledge.ports import Clock, Embedder
from knowledge.search.chroma_index import ChromaIndex, VectorIndexUnavailable
from knowledge.search.document import embedding_text
from knowledge.search.lsa import LSA_PREFIX, LsaEmbedder, fit_lsa
from knowledge.search.vector_store import StoredEmbedder, VectorStore

logger = logging.getLogger(__name__)

_BATCH = 256
_LOADED = 5000
_GROWN = 1.5
"""LSA is fitted anew when the catalog is that much larger or smaller than when it was fitted."""
_POLL_SECONDS = 1.0
_RETRY_SECONDS = 30.0
Text = tuple[str, str]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class IndexReport:
    """``embedder`` is None when the catalog is too small to learn from."""

    embedder: str | None
    embedded: int = 0
    fitted: bool = False
    rebuilt: bool = False


class Indexer:
    """``embedder`` None means the shop's own LSA. ``index`` may be missing; SQL has it all."""

    def __init__(
        self,
        units: UnitsOfWork,
        clock: Clock,
        embedder: Embedder | None,
        index: ChromaIndex | None,
    ) -> None:
        self._units = units
        self._clock = clock
        self._given = embedder
        self.index = index

    def run(self, progress: Progress | None = None) -> IndexReport:
        """Bring vectors and Chroma up to date. Safe to repeat and to kill at any moment.

        Raises ``Unavailable`` when a vendor's embedder or Chroma cannot be reached.
        """
        embedder, fitted = self._embedder()
        if embedder is None:
            return IndexReport(None)
        embedded = self._embed(embedder, progress)
        if fitted or self._given is not None:
            self._keep(embedder)
        rebuilt = self._projected(embedder)
        return IndexReport(embedder.name, embedded, fitted, rebuilt)

    def revision(self) -> int:
        with self._units.read() as session:
            return CatalogRepository(session, self._clock).revision()

    def _embedder(self) -> tuple[Embedder | None, bool]:
        if self._given is not None:
            return self._given, False
        with self._units.read() as session:
            store = VectorStore(session, self._clock)
            name = store.newest_name(LSA_PREFIX)
            stored = None if name is None else store.embedder(name)
            count = CatalogRepository(session, self._clock).count()
        if stored is not None and stored.model is not None:
            fitted = LsaEmbedder.load(stored.name, stored.model)
            if count / _GROWN <= fitted.fitted_on <= count * _GROWN:
                return fitted, False
        return fit_lsa([text for _, text in self._texts()]), True

    def _texts(self) -> Iterator[Text]:
        with self._units.read() as session:
            for product in CatalogRepository(session, self._clock).iterate():
                yield product.id, embedding_text(product)

    def _embed(self, embedder: Embedder, progress: Progress | None) -> int:
        """Embed what has no vector yet or another text than when it was embedded."""
        with self._units.read() as session:
            total = CatalogRepository(session, self._clock).count()
        seen = done = 0
        texts = self._texts()
        while part := list(islice(texts, _BATCH)):
            seen += len(part)
            done += self._embed_batch(embedder, part)
            if progress is not None:
                progress(seen, total)
        return done

    def _embed_batch(self, embedder: Embedder, part: Sequence[Text]) -> int:
        hashes = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in part}
        with self._units.read() as session:
            known = VectorStore(session, self._clock).hashes(embedder.name, list(hashes))
        new = [(name, text) for name, text in part if known.get(name) != hashes[name]]
        if not new:
            return 0
        # Outside of any transaction: a vendor may take seconds.
        vectors = embedder.embed_products([text for _, text in new])
        with self._units.write() as session:
            CatalogChanges(session, self._clock).lock()
            alive = CatalogRepository(session, self._clock).listed_among(name for name, _ in new)
            rows = [row for row, (name, _) in enumerate(new) if name in alive]
            VectorStore(session, self._clock).put(
                embedder.name,
                {new[row][0]: hashes[new[row][0]] for row in rows},
                vectors[rows],
            )
        return len(new)

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
            except Exception:
                logger.exception("the indexer failed")
                wait = _RETRY_SECONDS
            self._stop.wait(wait)
        if indexer is not None and indexer.index is not None:
            indexer.index.close()
