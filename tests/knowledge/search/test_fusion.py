import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from knowledge.search.fusion import fused_score, lexical_score, vector_weight

SHARES = arrays(np.float32, 6, elements=st.floats(0, 1, width=32))
POINTS = arrays(np.float32, 6, elements=st.floats(0, 40, width=32))
COSINES = arrays(np.float32, 6, elements=st.floats(-1, 1, width=32))


@given(POINTS, SHARES, SHARES, COSINES, st.floats(0, 1))
def test_scores_stay_between_zero_and_one(
    bm25: np.ndarray, coverage: np.ndarray, head: np.ndarray, cosine: np.ndarray, weight: float
) -> None:
    lexical = lexical_score(bm25, coverage, head)
    fused = fused_score(lexical, cosine, weight)

    for scores in (lexical, fused):
        assert (scores >= 0).all()
        assert (scores <= 1.0001).all()


@given(POINTS, SHARES, SHARES, st.integers(0, 5))
def test_meeting_more_of_the_query_never_lowers_a_score(
    bm25: np.ndarray, coverage: np.ndarray, head: np.ndarray, row: int
) -> None:
    more = coverage.copy()
    more[row] = 1

    assert lexical_score(bm25, more, head)[row] >= lexical_score(bm25, coverage, head)[row] - 1e-6


@given(POINTS, SHARES, COSINES)
def test_without_weight_the_cosine_changes_nothing(
    bm25: np.ndarray, coverage: np.ndarray, cosine: np.ndarray
) -> None:
    lexical = lexical_score(bm25, coverage, coverage)

    assert np.array_equal(fused_score(lexical, cosine, 0), lexical)


def test_lsa_counts_less_than_a_language_model() -> None:
    assert vector_weight("lsa-256-abc") < vector_weight("openai/text-embedding-3-small/1536")
