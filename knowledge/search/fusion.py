"""Brings the legs of a search together into one score."""

import numpy as np
from numpy.typing import NDArray

# Linear fusion beat reciprocal ranks on three judged sets (docs/decisions/0007-lexical-leg.md).
COVERAGE = 0.57
BM25 = 0.43
HEAD = 0.35
"""Share of the lexical score that says whether the words name the thing or only describe it."""
LSA = 0.2
MODEL = 0.5
"""Weight of the cosine for vectors of a language model; LSA gets less."""

Floats = NDArray[np.float32]


def lexical_score(bm25: Floats, coverage: Floats, head: Floats) -> Floats:
    """Between 0 and 1. ``bm25`` is divided by its maximum."""
    best = float(bm25.max()) if bm25.size else 0.0
    normal = bm25 / np.float32(best) if best else bm25
    words = np.float32(COVERAGE) * coverage + np.float32(BM25) * normal
    # The head only counts as far as the rest of the query is met: whole milk is no oat milk.
    score = np.float32(1 - HEAD) * words + np.float32(HEAD) * head * coverage
    return score.astype(np.float32)


def fused_score(lexical: Floats, cosine: Floats, weight: float) -> Floats:
    """Linear, with negative cosines taken as none. Stays between 0 and 1."""
    near = np.clip(cosine, 0.0, 1.0)
    return (np.float32(1 - weight) * lexical + np.float32(weight) * near).astype(np.float32)


def is_lsa(embedder: str) -> bool:
    """Whether vectors come from words alone, so that cosines say less than the words do."""
    return embedder.startswith("lsa-")


def vector_weight(embedder: str) -> float:
    return LSA if is_lsa(embedder) else MODEL
