"""The vector leg: exact over few rows, Chroma with a mask over many."""

import logging

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import SmartCartError
from knowledge.ports import VectorIndex, Vectors
from knowledge.search.fusion import is_lsa
from knowledge.search.masks import Mask
from knowledge.search.ranking import Ranking
from knowledge.search.snapshot import Snapshot

logger = logging.getLogger(__name__)

_EXACT_ROWS = 20_000
_OVER_FETCH = 500
_BLOCK = 2048
_RESCORED = 1000
_NEIGHBOURS = 100
Rows = NDArray[np.int64]
Floats = NDArray[np.float32]


class VectorLeg:
    """``exact_rows`` is up to how many rows the cosine is computed for each."""

    def __init__(self, index: VectorIndex | None, exact_rows: int = _EXACT_ROWS) -> None:
        self.index = index
        self.indexed: str | None = None
        """The embedder whose vectors are in the index; None when it is not known."""
        self._exact_rows = exact_rows

    def candidates(
        self, snapshot: Snapshot, vector: Vectors, ranking: Ranking, mask: Mask
    ) -> tuple[Rows, Floats]:
        """Cosines for the best of the lexical leg and for the nearest of the vector leg."""
        found = np.flatnonzero(ranking.relevant & mask)
        if found.size > _RESCORED:
            best = np.argpartition(-ranking.lexical[found], _RESCORED)[:_RESCORED]
            found = found[best]
        if not found.size or not is_lsa(snapshot.embedder or ""):
            # Neighbours by LSA never outrank what the words name, so they need no looking for.
            near, _ = self.nearest(snapshot, vector, mask, _NEIGHBOURS)
            found = np.union1d(found, near).astype(np.int64)
        return found, exact_cosine(snapshot, vector, found)

    def nearest(
        self, snapshot: Snapshot, vector: Vectors, mask: Mask, count: int
    ) -> tuple[Rows, Floats]:
        """The nearest of the masked rows, best first.

        Over-fetching and then masking finds too few when the mask is selective or goes with the
        query (a category); then, and when Chroma is away, the exact way is taken.
        """
        rows = np.flatnonzero(mask)
        if rows.size > self._exact_rows and self._indexes(snapshot):
            approximate = self._from_index(snapshot, vector, mask, count)
            if approximate.size >= min(count, rows.size):
                rows = approximate
        cosine = exact_cosine(snapshot, vector, rows)
        if rows.size > count:
            best = np.argpartition(-cosine, count)[:count]
            rows, cosine = rows[best], cosine[best]
        order = np.lexsort((rows, -cosine))
        return rows[order], cosine[order]

    def _indexes(self, snapshot: Snapshot) -> bool:
        return self.index is not None and self.indexed in {None, snapshot.embedder}

    def _from_index(self, snapshot: Snapshot, vector: Vectors, mask: Mask, count: int) -> Rows:
        assert self.index is not None
        try:
            found = self.index.nearest(vector, max(_OVER_FETCH, count))
        except SmartCartError:
            logger.warning("the vector index is unavailable; computing exactly")
            return np.empty(0, dtype=np.int64)
        rows = [snapshot.row(product_id) for product_id, _ in found]
        kept = [row for row in rows if row is not None and mask[row]]
        return np.array(kept, dtype=np.int64)


def exact_cosine(snapshot: Snapshot, vector: Vectors, rows: Rows) -> Floats:
    """Cosines of some rows; vectors have unit length, so the product is the cosine."""
    result = np.zeros(rows.size, dtype=np.float32)
    for start in range(0, rows.size, _BLOCK):
        part = rows[start : start + _BLOCK]
        known = snapshot.vectors_of(part)
        if known is not None:
            # BLAS wakes threads for this; a search is one of many at once and better off alone.
            result[start : start + _BLOCK] = np.einsum("ij,j->i", known, vector)
    return result
