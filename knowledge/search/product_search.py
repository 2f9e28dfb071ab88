"""Finds products: words and vectors in one ranking, limits exact, always up to date."""

import logging
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Unavailable
from knowledge.ports import Clock, Vectors
from knowledge.search.background import Background
from knowledge.search.chroma_index import ChromaIndex
from knowledge.search.embedder_source import EmbedderChain, Embedders
from knowledge.search.filters import ProductFilter
from knowledge.search.fusion import is_lsa, vector_weight
from knowledge.search.loosening import what_to_loosen
from knowledge.search.masks import Mask, mask_of
from knowledge.search.query import Query, read_query
from knowledge.search.query_vectors import QueryVectors
from knowledge.search.ranking import Ranking, moved_down, nudged, rank_words, to_sort, with_vectors
from knowledge.search.requests import Hit, SearchRequest, SearchResults
from knowledge.search.snapshot import Snapshot
from knowledge.search.snapshot_keeper import SnapshotKeeper
from knowledge.search.vector_leg import VectorLeg
from knowledge.search.vocabulary import Vocabulary

__all__ = ["Hit", "ProductFilter", "ProductSearch", "SearchRequest", "SearchResults", "open_search"]

logger = logging.getLogger(__name__)

_SORT_COLUMNS = {
    "price": ("price", 1),
    "unit_price": ("unit_price", 1),
    "rating": ("rating", -1),
    "health": ("nutri_score", 1),
    "sustainability": ("carbon", 1),
}
Rows = NDArray[np.int64]


class ProductSearch:
    """Thread-safe; reads one immutable snapshot per search."""

    def __init__(
        self,
        keeper: SnapshotKeeper,
        vectors: VectorLeg,
        background: Background | None = None,
    ) -> None:
        self._keeper = keeper
        self._vectors = vectors
        self._background = background
        self._queries = QueryVectors()

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the catalog as it is now."""
        return self._keeper.follow().vocabulary

    @property
    def revision(self) -> int:
        """Which catalog revision searches see."""
        return self._keeper.snapshot.revision

    def refresh(self) -> None:
        """Take in every committed change; searches do so by themselves within half a second."""
        self._keeper.refresh()

    def find(self, request: SearchRequest) -> SearchResults:
        snapshot = self._keeper.follow()
        mask = mask_of(snapshot, request.filter)
        query = read_query(
            request.query,
            snapshot.vocabulary,
            self._keeper.synonyms,
            implied=_implied(request.filter),
        )
        if query.empty:
            return self._browse(snapshot, mask, request)
        ranking = self._rank(snapshot, query, mask)
        if request.sort == "relevance":
            rows = np.flatnonzero(ranking.relevant & mask)
        else:
            rows = to_sort(ranking, mask)
        score = nudged(snapshot, ranking.score)
        if request.dislikes:
            score = moved_down(snapshot, score, request.dislikes)
        ordered = _order(snapshot, rows, score, request.sort)
        loosen = None
        if not rows.size:
            loosen = what_to_loosen(snapshot, ranking.relevant, request.filter)
        shown = ordered[request.offset : request.offset + request.limit]
        return SearchResults(
            _hits(snapshot, shown, score, ranking), int(rows.size), loosen, query.mended
        )

    def similar(
        self,
        product_id: str,
        limit: int = 10,
        filter: ProductFilter | None = None,  # noqa: A002
    ) -> list[Hit]:
        """Products like this one, nearest first; by its words while there are no vectors."""
        snapshot = self._keeper.follow()
        row = snapshot.row(product_id)
        if row is None:
            return []
        mask = mask_of(snapshot, filter or ProductFilter())
        mask[row] = False
        own = snapshot.vectors_of(np.array([row]))
        if own is not None and own.any():
            rows, cosine = self._vectors.nearest(snapshot, own[0], mask, limit)
            names = snapshot.ids(rows)
            return [
                Hit(name, float(value), {"cosine": float(value)})
                for name, value in zip(names, cosine, strict=True)
                if value > 0
            ][:limit]
        return self._alike_by_words(snapshot, row, mask, limit)

    def close(self) -> None:
        """Stop following and let go of files. Searching afterwards is an error."""
        if self._background is not None:
            self._background.close()
        self._keeper.close()

    def _alike_by_words(self, snapshot: Snapshot, row: int, mask: Mask, limit: int) -> list[Hit]:
        query = read_query(snapshot.title(row), snapshot.vocabulary, {})
        ranking = rank_words(snapshot, query)
        rows = np.flatnonzero(mask & (ranking.lexical > 0))
        ordered = _order(snapshot, rows, ranking.lexical, "relevance")[:limit]
        return _hits(snapshot, ordered, ranking.lexical, ranking)

    def _browse(self, snapshot: Snapshot, mask: Mask, request: SearchRequest) -> SearchResults:
        """No words: everything that keeps the limits, what others like first."""
        rows = np.flatnonzero(mask)
        score = nudged(snapshot, np.zeros(snapshot.size, dtype=np.float32))
        if request.dislikes:
            score = moved_down(snapshot, score, request.dislikes)
        ordered = _order(snapshot, rows, score, request.sort)
        shown = ordered[request.offset : request.offset + request.limit]
        names = snapshot.ids(shown)
        hits = [Hit(name, float(score[row])) for name, row in zip(names, shown, strict=True)]
        loosen = None
        if not rows.size:
            loosen = what_to_loosen(snapshot, snapshot.alive(), request.filter)
        return SearchResults(hits, int(rows.size), loosen)

    def _rank(self, snapshot: Snapshot, query: Query, mask: Mask) -> Ranking:
        ranking = rank_words(snapshot, query)
        embedder, vector = self._embedded(snapshot, query.text)
        if embedder is None or vector is None or not vector.any():
            return ranking
        snapshot = snapshot.using(embedder)
        rows, cosine = self._vectors.candidates(snapshot, vector, ranking, mask)
        return with_vectors(
            ranking,
            rows,
            cosine,
            vector_weight(embedder),
            trusted=not is_lsa(embedder),
        )

    def _embedded(self, snapshot: Snapshot, text: str) -> tuple[str | None, Vectors | None]:
        """The query by the best embedder that can be reached; the words alone must do otherwise."""
        for embedder in self._keeper.embedders:
            if embedder.name not in snapshot.embedders:
                continue
            try:
                return embedder.name, self._queries.vector(embedder, text)
            except Unavailable as error:
                logger.info("%s is not used for a search: %s", embedder.name, error)
        return None, None


def open_search(
    units: UnitsOfWork,
    data_dir: Path,
    embedders: Embedders,
    vector_index: ChromaIndex | None,
    clock: Clock,
    *,
    index: bool = False,
) -> ProductSearch:
    """Open a search over the catalog. None among the embedders is the shop's own LSA.

    With ``index`` this process makes vectors in the background, if no other on this machine does;
    ``vector_index`` is a shared Chroma server in place of the embedded one.
    """
    leg = VectorLeg(None)
    keeper = SnapshotKeeper(units, clock, EmbedderChain(units, clock, embedders))
    background = None
    if index:
        background = Background.start(
            units, data_dir, embedders, index=vector_index, clock=clock, leg=leg
        )
    return ProductSearch(keeper, leg, background)


def _implied(limits: ProductFilter) -> tuple[str, ...]:
    """Words that the limits stand for: milk for vegans is called by other names."""
    words = [diet.replace("_", " ") for diet in (*limits.diets, *limits.kept_diets)]
    return tuple(words + [f"{name} free" for name in limits.exclude])


def _order(snapshot: Snapshot, rows: Rows, score: NDArray[np.float32], sort: str) -> Rows:
    """Rows by the sort column, unknown last; equals by score, then by id."""
    by_score = np.lexsort((rows, -score[rows]))
    rows = rows[by_score]
    if sort == "relevance":
        return rows
    name, direction = _SORT_COLUMNS[sort]
    keys = snapshot.column(name)[rows] * direction
    return rows[np.argsort(keys, kind="stable")]  # NaN sorts last


def _hits(
    snapshot: Snapshot, rows: Rows, score: NDArray[np.float32], ranking: Ranking
) -> list[Hit]:
    return [
        Hit(
            name,
            float(score[row]),
            {
                "lexical": float(ranking.lexical[row]),
                "coverage": float(ranking.coverage[row]),
                "fused": float(ranking.score[row]),
                "named": float(ranking.on_topic[row]),
            },
        )
        for name, row in zip(snapshot.ids(rows), rows, strict=True)
    ]
