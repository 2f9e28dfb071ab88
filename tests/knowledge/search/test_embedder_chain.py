from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Unavailable
from knowledge.ports import PartwiseEmbedder, Vectors
from knowledge.search.embedder_source import EmbedderChain
from knowledge.search.embedding_claim import BeingEmbedded
from knowledge.search.embedding_run import EmbeddingRun
from knowledge.search.indexer import Indexer
from knowledge.search.product_search import ProductSearch, SearchRequest, open_search
from knowledge.search.snapshot_keeper import SnapshotKeeper
from knowledge.search.vector_store import VectorStore
from tests.fixed_clock import FixedClock
from tests.knowledge.search.conftest import MakeProduct, Stock

KINDS = ("oat", "soy", "rice", "pea", "nut", "corn")


class Distant:
    """Embeds by the word "drink" alone, ten texts at once, until it breaks down."""

    name = "distant/2"
    dimension = 2

    def __init__(self) -> None:
        self.embedded: list[str] = []
        self.queries = 0
        self.parts_left = 1000
        self.away = False

    def embed_products(self, texts: Sequence[str]) -> Vectors:
        return np.concatenate([vectors for _, vectors in self.embed_in_parts(texts)])

    def embed_in_parts(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        for start in range(0, len(texts), 10):
            if not self.parts_left:
                raise Unavailable("It broke down.")
            self.parts_left -= 1
            places = range(start, min(start + 10, len(texts)))
            self.embedded += [texts[place] for place in places]
            yield places, np.stack([_vector(texts[place]) for place in places])

    def embed_query(self, text: str) -> Vectors:
        self.queries += 1
        if self.away:
            raise Unavailable("It is away.")
        return _vector(text)

    def prepare(self) -> None: ...

    def close(self) -> None: ...


def _vector(text: str) -> Vectors:
    if "forbidden" in text.lower():
        return np.zeros(2, dtype=np.float32)
    return np.array([1, 0] if "drink" in text.lower() else [0, 1], dtype=np.float32)


@pytest.fixture
def stocked(sqlite_units: UnitsOfWork, stock_up: Stock, make_product: MakeProduct) -> UnitsOfWork:
    """Thirty-five products, enough for four parts and for a fit."""
    stock_up(
        sqlite_units,
        *(make_product(f"p{n:02}", f"{KINDS[n % 6]} drink {KINDS[n % 5]}") for n in range(35)),
    )
    return sqlite_units


def vectors_of(units: UnitsOfWork, clock: FixedClock, embedder: str) -> int:
    with units.read() as session:
        return VectorStore(session, clock).count(embedder)


def names(units: UnitsOfWork, clock: FixedClock, *chain: Distant | None) -> list[str]:
    usable = EmbedderChain(units, clock, chain).usable()
    return [one.name.partition("-")[0].partition("/")[0] for one in usable]


def test_a_run_that_broke_down_goes_on_where_it_was(
    stocked: UnitsOfWork, clock: FixedClock
) -> None:
    vendor = Distant()
    assert isinstance(vendor, PartwiseEmbedder)
    vendor.parts_left = 2
    indexer = Indexer(stocked, clock, vendor, None)
    with pytest.raises(Unavailable):
        indexer.run()
    assert vectors_of(stocked, clock, vendor.name) == 20

    vendor.parts_left = 1000
    told: list[tuple[int, int]] = []
    report = Indexer(stocked, clock, vendor, None).run(lambda *done: told.append(done))

    assert report.embedded == 15
    assert len(vendor.embedded) == 35  # nothing twice
    assert told == [(30, 35), (35, 35)]


def test_a_set_that_is_not_complete_is_not_searched_with(
    stocked: UnitsOfWork, clock: FixedClock
) -> None:
    vendor = Distant()
    vendor.parts_left = 2
    with pytest.raises(Unavailable):
        Indexer(stocked, clock, [vendor, None], None).run()

    assert names(stocked, clock, vendor, None) == ["lsa"]
    assert names(stocked, clock, vendor) == []

    vendor.parts_left = 1000
    Indexer(stocked, clock, [vendor, None], None).run()

    assert names(stocked, clock, vendor, None) == ["distant", "lsa"]


class Nameless(Distant):
    """Can say what its model makes only while it can be reached."""

    dimension = 2

    @property
    def name(self) -> str:  # type: ignore[override]
        if self.away:
            raise Unavailable("It is away.")
        return "distant/2"


def test_a_vendor_whose_model_was_unknown_is_used_once_it_answers(
    stocked: UnitsOfWork, clock: FixedClock
) -> None:
    vendor = Nameless()
    Indexer(stocked, clock, [vendor, None], None).run()
    vendor.away = True
    chain = EmbedderChain(stocked, clock, [vendor, None])
    keeper = SnapshotKeeper(stocked, clock, chain, ask_seconds=0)
    assert [one.name[:3] for one in keeper.embedders] == ["lsa"]

    vendor.away = False
    snapshot = keeper.refresh()

    assert keeper.embedders[0] is vendor
    assert vendor.name in snapshot.embedders
    keeper.close()


def test_two_processes_at_once_pay_for_no_product_twice(
    units: UnitsOfWork, clock: FixedClock, stock_up: Stock, make_product: MakeProduct
) -> None:
    stock_up(units, *(make_product(f"p{n:02}", f"{KINDS[n % 6]} drink {n}") for n in range(35)))
    vendor, other = Distant(), Distant()
    parts = vendor.embed_in_parts

    def meanwhile(texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        with pytest.raises(BeingEmbedded):
            Indexer(units, clock, other, None).run()
        yield from parts(texts)

    vendor.embed_in_parts = meanwhile  # type: ignore[method-assign]
    assert Indexer(units, clock, vendor, None).run().embedded == 35

    assert Indexer(units, clock, other, None).run().embedded == 0
    assert other.embedded == []


def test_what_another_process_made_a_moment_ago_is_not_made_again(
    stocked: UnitsOfWork, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = Distant()
    late = EmbeddingRun(stocked, clock, vendor)
    missing = late._missing()  # noqa: SLF001 - what it knew before the other one was done
    Indexer(stocked, clock, vendor, None).run()
    monkeypatch.setattr(late, "_missing", lambda: missing)

    assert late.run().count == 0
    assert len(vendor.embedded) == 35


def test_a_set_stays_in_use_while_a_few_new_products_wait_and_not_while_many_do(
    stocked: UnitsOfWork, clock: FixedClock, stock_up: Stock, make_product: MakeProduct
) -> None:
    vendor = Distant()
    Indexer(stocked, clock, [vendor, None], None).run()

    stock_up(stocked, make_product("new", "Lemonade"))
    assert names(stocked, clock, vendor, None) == ["distant", "lsa"]

    stock_up(stocked, *(make_product(f"n{n}", f"Lemonade {n}") for n in range(10)))
    assert names(stocked, clock, vendor, None) == ["lsa"]


@pytest.fixture
def searching(
    stocked: UnitsOfWork, clock: FixedClock, tmp_path: Path
) -> Iterator[tuple[ProductSearch, Distant]]:
    vendor = Distant()
    Indexer(stocked, clock, [vendor, None], None).run()
    search = open_search(stocked, tmp_path, [vendor, None], None, clock)
    yield search, vendor
    search.close()


def test_a_vendor_that_is_away_is_replaced_by_the_shops_own_vectors(
    searching: tuple[ProductSearch, Distant],
    stocked: UnitsOfWork,
    clock: FixedClock,
    tmp_path: Path,
) -> None:
    search, vendor = searching
    with_vendor = search.find(SearchRequest("oat drink"))
    vendor.away = True

    without = search.find(SearchRequest("soy drink"))

    own = open_search(stocked, tmp_path, None, None, clock)
    assert without == own.find(SearchRequest("soy drink"))
    own.close()
    assert search.find(SearchRequest("oat drink")) == with_vendor
    assert vendor.queries == 2  # the first was remembered


def test_a_failure_is_not_remembered(searching: tuple[ProductSearch, Distant]) -> None:
    search, vendor = searching
    vendor.away = True
    search.find(SearchRequest("rice drink"))
    vendor.away = False

    search.find(SearchRequest("rice drink"))
    search.find(SearchRequest("rice drink"))

    assert vendor.queries == 2


def test_changes_reach_the_vectors_of_both(
    searching: tuple[ProductSearch, Distant],
    stocked: UnitsOfWork,
    clock: FixedClock,
    stock_up: Stock,
    make_product: MakeProduct,
) -> None:
    search, vendor = searching
    stock_up(stocked, make_product("new", "oat drink soy"))
    Indexer(stocked, clock, [vendor, None], None).run()
    search.refresh()

    assert "new" in {hit.product_id for hit in search.similar("p00", limit=40)}
    vendor.away = True
    assert "new" in {hit.product_id for hit in search.find(SearchRequest("oat", limit=40)).hits}


def test_texts_that_can_have_no_vector_are_told_once_and_found_by_their_words(
    stocked: UnitsOfWork,
    clock: FixedClock,
    stock_up: Stock,
    make_product: MakeProduct,
    tmp_path: Path,
) -> None:
    vendor = Distant()
    stock_up(stocked, make_product("odd", "Forbidden Fruit"))

    first = Indexer(stocked, clock, vendor, None).run()
    second = Indexer(stocked, clock, vendor, None).run()

    assert first.refused == ("odd",)
    assert first.embedded == 36
    assert second.refused == ()
    assert second.embedded == 0
    search = open_search(stocked, tmp_path, vendor, None, clock)
    found = search.find(SearchRequest("forbidden fruit")).hits
    search.close()
    assert found[0].product_id == "odd"
