"""Which embedders a search may use now: vendors whose vectors are complete, the one fitted here."""

from collections.abc import Sequence

from knowledge.catalog.repository import CatalogRepository
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Unavailable
from knowledge.ports import Clock, Embedder
from knowledge.search.lsa import LSA_PREFIX, LsaEmbedder
from knowledge.search.vector_store import VectorStore

Embedders = Embedder | Sequence[Embedder | None] | None
"""One, or several, best first. None stands for the one that is fitted to the catalog."""
_COMPLETE = 0.9
"""A set that was complete once stays in use while so many of the products have a vector."""


def chain_of(embedders: Embedders) -> tuple[Embedder | None, ...]:
    return tuple(embedders) if isinstance(embedders, Sequence) else (embedders,)


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


class EmbedderChain:
    """The embedders a shop was given, of which those count whose vectors are there."""

    def __init__(self, units: UnitsOfWork, clock: Clock, embedders: Embedders) -> None:
        self._units = units
        self._clock = clock
        self._given = chain_of(embedders)
        self._fitted = FittedEmbedder(units, clock)
        self.has_unknown = False
        """Whether a vendor could not be asked what its model makes."""

    def usable(self) -> Sequence[Embedder]:
        """Those whose vectors are complete, best first.

        Half a set would put what has a vector before what fits.
        """
        found: list[Embedder] = []
        self.has_unknown = False
        for given in self._given:
            embedder = self._fitted.current() if given is None else given
            if embedder is not None and (given is None or self._is_complete(embedder)):
                found.append(embedder)
        return found

    def _is_complete(self, embedder: Embedder) -> bool:
        try:
            name = embedder.name
        except Unavailable:
            # Some vendors have to be asked what their model makes.
            self.has_unknown = True
            return False
        with self._units.read() as session:
            store = VectorStore(session, self._clock)
            if store.embedder(name) is None:
                return False
            products = CatalogRepository(session, self._clock).count()
            return store.count(name) >= _COMPLETE * products
