"""Indexing beside a running search, in the one process of a machine that owns Chroma."""

from pathlib import Path

from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.ports import Clock, PartwiseEmbedder
from knowledge.search.chroma_index import ChromaIndex
from knowledge.search.embedder_source import Embedders, chain_of
from knowledge.search.indexer import Indexer, IndexerThread
from knowledge.search.owner_lock import OwnerLock
from knowledge.search.vector_leg import VectorLeg

LOCK_NAME = "chroma.lock"
FOLDER_NAME = "chroma"


class Background:
    """Holds the owner's lock until closed."""

    def __init__(self, lock: OwnerLock, thread: IndexerThread, leg: VectorLeg) -> None:
        self._lock = lock
        self._thread = thread
        self._leg = leg

    @classmethod
    def start(
        cls,
        units: UnitsOfWork,
        data_dir: Path,
        embedders: Embedders,
        *,
        index: ChromaIndex | None,
        clock: Clock,
        leg: VectorLeg,
    ) -> "Background | None":
        """None when another process does it; this one then reads what that one writes."""
        lock = OwnerLock.take(data_dir / LOCK_NAME)
        if lock is None:
            return None

        def open_indexer() -> Indexer:
            # In the thread: importing vendors' clients and opening Chroma takes a second each.
            for given in chain_of(embedders):
                if isinstance(given, PartwiseEmbedder):
                    given.prepare()
            chroma = index or ChromaIndex.embedded(data_dir / FOLDER_NAME)
            return Indexer(units, clock, embedders, chroma)

        def ready(indexer: Indexer) -> None:
            leg.indexed = indexer.indexed
            leg.index = indexer.index

        return cls(lock, IndexerThread(open_indexer, ready), leg)

    def close(self) -> None:
        self._leg.index = None
        self._thread.close()
        self._lock.release()
