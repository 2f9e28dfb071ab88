from collections.abc import Callable

from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.search.indexer import Indexer
from knowledge.search.product_search import ProductSearch, SearchRequest
from tests.fixed_clock import FixedClock
from tests.knowledge.search.judged import judgments, ndcg, queries
from tests.sample_shop import load_sample


def quality(search: ProductSearch) -> float:
    grades = judgments()
    scores = [
        ndcg(
            [hit.product_id for hit in search.find(SearchRequest(text)).hits], grades.get(name, {})
        )
        for name, text in queries()
    ]
    return sum(scores) / len(scores)


def test_words_alone_rank_well_on_both_databases(
    database_url: str,
    units: UnitsOfWork,
    open_on: Callable[[UnitsOfWork], ProductSearch],
) -> None:
    load_sample(database_url)

    assert quality(open_on(units)) >= 0.955


def test_words_and_vectors_rank_better_than_words(sample_search: ProductSearch) -> None:
    assert quality(sample_search) >= 0.955


def test_vectors_in_the_database_give_the_same_quality_everywhere(
    database_url: str,
    units: UnitsOfWork,
    clock: FixedClock,
    open_on: Callable[[UnitsOfWork], ProductSearch],
) -> None:
    load_sample(database_url)
    Indexer(units, clock, None, None).run()

    assert quality(open_on(units)) >= 0.955
