"""The built-in embedder: latent semantic analysis fitted on the shop's own catalog.

TF-IDF over words, reduced by a truncated SVD (Deerwester et al. 1990), which is found by random
projection (Halko, Martinsson and Tropp 2011). Queries are a sum of rows in NumPy.
"""

import hashlib
import io
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from knowledge.ports import Vectors
from knowledge.search.text import CLOSED_CLASS, terms

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LSA_PREFIX = "lsa-"
_DIMENSIONS = 256
_FITTED_ON = 5_000
_OVERSAMPLED = 16
_POWER_STEPS = 4
_LEAST_PRODUCTS = 20
_MOST_WORDS = 50_000


class LsaEmbedder:
    """Immutable. A word it was not fitted on counts for nothing; the lexical leg has it."""

    def __init__(
        self,
        name: str,
        word_ids: Mapping[str, int],
        idf: Vectors,
        basis: NDArray[np.float16],
        fitted_on: int,
    ) -> None:
        self._name = name
        self.fitted_on = fitted_on
        self._word_ids = word_ids
        self._idf = idf
        self._basis = basis

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        return int(self._basis.shape[1])

    def embed_products(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.embed_query(text) for text in texts]) if texts else self._none()

    def embed_query(self, text: str) -> Vectors:
        counts = Counter(term for term in terms(text) if term in self._word_ids)
        if not counts:
            return np.zeros(self.dimension, dtype=np.float32)
        ids = np.fromiter((self._word_ids[term] for term in counts), dtype=np.int64)
        seen = np.fromiter(counts.values(), dtype=np.float32)
        weights = (1 + np.log(seen)) * self._idf[ids]
        vector = weights @ self._basis[ids].astype(np.float32)
        length = float(np.linalg.norm(vector))
        return (vector / length if length else vector).astype(np.float32)

    def _none(self) -> Vectors:
        return np.zeros((0, self.dimension), dtype=np.float32)

    def dump(self) -> bytes:
        """The model as one NumPy archive, halved to 16 bits."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            words=np.array("\n".join(self._word_ids)),
            fitted_on=np.array(self.fitted_on),
            idf=self._idf.astype(np.float32),
            basis=self._basis.astype(np.float16),
        )
        return buffer.getvalue()

    @classmethod
    def load(cls, name: str, stored: bytes) -> "LsaEmbedder":
        with np.load(io.BytesIO(stored), allow_pickle=False) as archive:
            words = str(archive["words"]).split("\n")
            return cls(
                name,
                {word: number for number, word in enumerate(words)},
                archive["idf"].astype(np.float32),
                archive["basis"],
                int(archive["fitted_on"]),
            )


def fit_lsa(texts: Sequence[str]) -> LsaEmbedder | None:
    """Fit on product texts; None when there are too few to learn from.

    The name carries a digest of the model, so that vectors of two fits never mix.
    """
    if len(texts) < _LEAST_PRODUCTS:
        return None
    # Heavy, and only needed for fitting.
    from scipy.sparse import csr_matrix  # noqa: PLC0415
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415

    step = max(1, len(texts) // _FITTED_ON)
    counted = [Counter(terms(text)) for text in texts[::step]]
    frequency = Counter(term for counts in counted for term in counts)
    kept = [
        term
        for term, count in frequency.most_common(_MOST_WORDS)
        if term not in CLOSED_CLASS and (count > 1 or len(counted) < 1000)  # noqa: PLR2004
    ]
    word_ids = {term: number for number, term in enumerate(sorted(kept))}
    idf = np.zeros(len(word_ids), dtype=np.float32)
    for term, number in word_ids.items():
        idf[number] = np.log((1 + len(counted)) / (1 + frequency[term])) + 1
    starts, columns, values = [0], list[int](), list[float]()
    for counts in counted:
        known = [term for term in counts if term in word_ids]
        own = [(1 + math.log(counts[term])) * float(idf[word_ids[term]]) for term in known]
        length = math.sqrt(sum(value * value for value in own)) or 1.0
        columns += [word_ids[term] for term in known]
        values += [value / length for value in own]
        starts.append(len(columns))
    matrix = csr_matrix(
        (np.array(values, dtype=np.float32), columns, starts), shape=(len(counted), len(word_ids))
    )
    size = min(_DIMENSIONS, len(counted) // 2, len(word_ids) - 1)
    if size < 2:  # noqa: PLR2004 - one direction tells nothing apart
        return None
    # More threads than one spend their time waiting for each other, and take it from searches.
    with threadpool_limits(limits=1):
        basis = _right_singular_vectors(matrix, size)
    halved = np.ascontiguousarray(basis, dtype=np.float16)
    digest = hashlib.sha256(halved.tobytes()).hexdigest()[:12]
    return LsaEmbedder(f"{LSA_PREFIX}{size}-{digest}", word_ids, idf, halved, len(texts))


def _right_singular_vectors(matrix: "csr_matrix", count: int) -> Vectors:
    """The leading ones as columns. By Gram matrices, so that nothing large is ever dense."""
    width = min(count + _OVERSAMPLED, *matrix.shape)
    chance = np.random.default_rng(7)
    sample = chance.standard_normal((matrix.shape[0], width), dtype=np.float32)
    for _ in range(_POWER_STEPS):
        sample, _upper = np.linalg.qr(matrix @ (matrix.T @ sample))
    projected = np.asarray(matrix.T @ sample)  # words by width
    values, vectors = np.linalg.eigh(projected.T @ projected)
    largest = np.argsort(values)[::-1][:count]
    scale = np.sqrt(np.maximum(values[largest], np.finfo(np.float32).tiny))
    return np.asarray(projected @ vectors[:, largest] / scale, dtype=np.float32)
