import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.document import Where
from knowledge.search.lexical import LexicalIndex, inverse_frequencies

TITLE = int(Where.TITLE)
DOCUMENTS = st.lists(
    st.dictionaries(
        st.sampled_from(["oat", "milk", "soap", "bar"]),
        st.tuples(st.sampled_from([0.4, 1.0, 2.0, 2.4]), st.just(TITLE)),
        max_size=4,
    ),
    min_size=1,
    max_size=8,
)


@given(
    DOCUMENTS, st.lists(st.sampled_from(["oat", "milk", "soap", "rare"]), min_size=1, unique=True)
)
def test_scores_equal_the_formula_written_out(
    documents: list[dict[str, tuple[float, int]]], query: list[str]
) -> None:
    index = LexicalIndex(documents)
    frequency = {term: sum(term in document for document in documents) for term in query}
    weights = inverse_frequencies(query, frequency, len(documents))

    scores = index.score(weights, head=None)

    lengths = [sum(weight for weight, _ in document.values()) for document in documents]
    average = sum(lengths) / len(lengths) or 1.0
    for row, document in enumerate(documents):
        norm = 1.2 * (1 - 0.75 + 0.75 * lengths[row] / average)
        expected = sum(
            weights[term] * document[term][0] * 2.2 / (document[term][0] + norm)
            for term in query
            if term in document
        )
        covered = sum(weights[term] for term in query if term in document)
        assert math.isclose(scores.bm25[row], expected, rel_tol=1e-4, abs_tol=1e-6)
        assert math.isclose(
            scores.coverage[row], covered / sum(weights.values()), rel_tol=1e-4, abs_tol=1e-6
        )


def test_a_term_counts_by_where_it_stands() -> None:
    index = LexicalIndex(
        [
            {"milk": (2.0, int(Where.TITLE | Where.HEAD))},
            {"milk": (2.0, TITLE)},
            {"milk": (1.0, int(Where.CATEGORY | Where.LEAF))},
            {"milk": (0.4, int(Where.BODY))},
        ]
    )

    scores = index.score({"milk": 1.0}, head="milk")

    named, described, shelved, told = scores.head
    assert named > shelved > described > told
    assert scores.coverage[0] == scores.coverage[1] == 1
    assert scores.coverage[3] < 1


def test_an_empty_index_scores_nothing() -> None:
    index = LexicalIndex([])

    assert index.size == 0
    assert index.score({"milk": 1.0}, head="milk").bm25.size == 0
    assert index.frequency("milk") == 0
    assert index.rows_with("milk").size == 0


def test_unknown_words_weigh_much_and_unknown_numbers_little() -> None:
    weights = inverse_frequencies(["laptop", "330ml"], {}, 100)

    assert weights["laptop"] > weights["330ml"]
    assert np.isfinite(list(weights.values())).all()
