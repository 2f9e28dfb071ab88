"""Where the embedder of a search comes from: given by the owner, or fitted and kept in SQL."""

from typing import Protocol

from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.ports import Clock, Embedder
from knowledge.search.lsa import LSA_PREFIX, LsaEmbedder
from knowledge.search.vector_store import VectorStore


class EmbedderSource(Protocol):
    def current(self) -> Embedder | None:
        """Return the embedder whose vectors count now; None while there is none."""
        ...


class GivenEmbedder:
    """Always the same one, such as a vendor's."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def current(self) -> Embedder | None:
        return self._embedder


class FittedEmbedder:
    """The LSA fitted last on this catalog, read from SQL when another one took over."""

    def __init__(self, units: UnitsOfWork, clock: Clock) -> None:
        self._units = units
        self._clock = clock
        self._loaded: LsaEmbedder | None = None

    def current(self) -> Embedder | None:
        with self._units.read() as session:
            store = VectorStore(session, self._clock)
            name = store.newest_name(LSA_PREFIX)
            if name is None:
                self._loaded = None
            elif self._loaded is None or self._loaded.name != name:
                stored = store.embedder(name)
                if stored is not None and stored.model is not None:
                    self._loaded = LsaEmbedder.load(stored.name, stored.model)
        return self._loaded
