"""The built-in embedder: latent semantic analysis fitted on the shop's own catalog.

TF-IDF over words, reduced by a truncated SVD (Deerwester et al. 1990), both by scikit-learn.
Queries are a sum of rows in NumPy: eight times as fast as its pipeline, and without its import.
"""

import hashlib
import io
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.ports import Vectors
from knowledge.search.text import CLOSED_CLASS, terms

LSA_PREFIX = "lsa-"
_DIMENSIONS = 256
_FITTED_ON = 5_000
_POWER_STEPS = 4
_LEAST_PRODUCTS = 20
_MANY_PRODUCTS = 1_000  # from here on a word seen once says nothing
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
    from sklearn.decomposition import TruncatedSVD  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415

    sample = texts[:: max(1, len(texts) // _FITTED_ON)]
    counting = TfidfVectorizer(
        analyzer=_content_terms,
        sublinear_tf=True,
        min_df=2 if len(sample) >= _MANY_PRODUCTS else 1,
        max_features=_MOST_WORDS,
        dtype=np.float32,
    )
    try:
        matrix = counting.fit_transform(sample)
    except ValueError:  # no word stands in two products
        return None
    size = min(_DIMENSIONS, matrix.shape[0] // 2, matrix.shape[1] - 1)
    if size < 2:  # noqa: PLR2004 - one direction tells nothing apart
        return None
    # More threads than one spend their time waiting for each other, and take it from searches.
    with threadpool_limits(limits=1):
        reduced = TruncatedSVD(size, n_iter=_POWER_STEPS, random_state=7).fit(matrix)
    basis = np.ascontiguousarray(reduced.components_.T, dtype=np.float16)
    digest = hashlib.sha256(basis.tobytes()).hexdigest()[:12]
    word_ids = {term: int(number) for term, number in counting.vocabulary_.items()}
    ordered = dict(sorted(word_ids.items(), key=lambda pair: pair[1]))
    idf = np.asarray(counting.idf_, dtype=np.float32)
    return LsaEmbedder(f"{LSA_PREFIX}{size}-{digest}", ordered, idf, basis, len(texts))


def _content_terms(text: str) -> list[str]:
    return [term for term in terms(text) if term not in CLOSED_CLASS]
