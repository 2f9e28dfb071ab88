import multiprocessing
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.catalog.repository import CatalogRepository
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Unavailable
from knowledge.ports import Vectors
from knowledge.search.background import FOLDER_NAME, LOCK_NAME
from knowledge.search.chroma_index import ChromaIndex
from knowledge.search.document import embedding_text
from knowledge.search.embedder_source import FittedEmbedder
from knowledge.search.filters import ProductFilter
from knowledge.search.indexer import Indexer
from knowledge.search.lsa import LsaEmbedder, fit_lsa
from knowledge.search.masks import mask_of
from knowledge.search.owner_lock import OwnerLock
from knowledge.search.product_search import SearchRequest, open_search
from knowledge.search.snapshot import Snapshot
from knowledge.search.vector_leg import VectorLeg
from knowledge.search.vector_store import VectorStore
from tests.databases import SqliteTemplate, units_on
from tests.fixed_clock import FixedClock
from tests.knowledge.search.conftest import MakeProduct, OpenSearch, Stock


class CountingEmbedder:
    """Embeds by letters, and counts how often it is asked."""

    name = "letters/26"
    dimension = 26

    def __init__(self) -> None:
        self.asked = 0
        self.away = False

    def embed_products(self, texts: Sequence[str]) -> Vectors:
        if self.away:
            raise Unavailable("away")
        self.asked += len(texts)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        if self.away:
            raise Unavailable("away")
        counts = np.array([text.lower().count(chr(97 + n)) for n in range(26)], dtype=np.float32)
        length = np.linalg.norm(counts)
        return np.asarray(counts / length if length else counts, dtype=np.float32)


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaIndex]:
    index = ChromaIndex.embedded(tmp_path / FOLDER_NAME)
    yield index
    index.close()


@pytest.fixture
def sample_units(indexed_template: SqliteTemplate, tmp_path: Path) -> Iterator[UnitsOfWork]:
    with units_on(indexed_template.copy_to(tmp_path)) as units:
        yield units


def ids_of(found: list[tuple[str, float]]) -> list[str]:
    return [name for name, _ in found]


def test_only_new_and_changed_texts_are_embedded(
    units: UnitsOfWork, clock: FixedClock, stock_up: Stock, make_product: MakeProduct
) -> None:
    embedder = CountingEmbedder()
    indexer = Indexer(units, clock, embedder, None)
    stock_up(units, make_product("a", "Oat Drink"), make_product("b", "Soap"))
    assert indexer.run().embedded == 2
    assert indexer.run().embedded == 0

    stock_up(units, make_product("a", "Oat Drink", price="9.99"), make_product("b", "Hand Soap"))

    assert indexer.run().embedded == 1
    assert embedder.asked == 3


def test_chroma_follows_additions_changes_and_delistings(
    sqlite_units: UnitsOfWork,
    clock: FixedClock,
    stock_up: Stock,
    make_product: MakeProduct,
    chroma: ChromaIndex,
) -> None:
    embedder = CountingEmbedder()
    indexer = Indexer(sqlite_units, clock, embedder, chroma)
    stock_up(sqlite_units, make_product("a", "Zzz"), make_product("b", "Qqq"))
    assert indexer.run().rebuilt

    stock_up(sqlite_units, make_product("c", "Xxx"), make_product("b", "Zzz zzz"))
    with sqlite_units.write() as session:
        CatalogRepository(session, clock).delist(["a"])
    report = indexer.run()

    assert not report.rebuilt
    assert chroma.count() == 2
    assert ids_of(chroma.nearest(embedder.embed_query("z"), 1)) == ["b"]


@pytest.mark.parametrize("damaged", ["*", "chroma.sqlite3", "*.bin"])
def test_chroma_is_rebuilt_from_sql_when_it_is_damaged(
    sample_units: UnitsOfWork, clock: FixedClock, tmp_path: Path, damaged: str
) -> None:
    folder = tmp_path / FOLDER_NAME
    first = ChromaIndex.embedded(folder)
    Indexer(sample_units, clock, None, first).run()
    count = first.count()
    first.close()
    for file in folder.rglob(damaged):
        if file.is_file():
            file.write_bytes(b"damaged")

    second = ChromaIndex.embedded(folder)
    report = Indexer(sample_units, clock, None, second).run()

    assert report.embedded == 0
    assert second.count() == count == _range(sample_units, clock)
    second.close()


def test_missing_vectors_are_noticed_by_their_number(
    sample_units: UnitsOfWork, clock: FixedClock, chroma: ChromaIndex
) -> None:
    indexer = Indexer(sample_units, clock, None, chroma)
    indexer.run()
    chroma.delete(["P001", "P002"])

    assert indexer.run().rebuilt
    assert chroma.count() == _range(sample_units, clock)


def test_vectors_of_another_embedder_never_mix(
    sqlite_units: UnitsOfWork,
    clock: FixedClock,
    stock_up: Stock,
    make_product: MakeProduct,
    chroma: ChromaIndex,
) -> None:
    stock_up(sqlite_units, make_product("a", "Oat Drink"))
    Indexer(sqlite_units, clock, CountingEmbedder(), chroma).run()
    other = CountingEmbedder()
    other.name = "letters/new"

    report = Indexer(sqlite_units, clock, other, chroma).run()

    assert report.embedded == 1
    assert report.rebuilt


def test_without_the_vendor_the_words_still_find(
    sqlite_units: UnitsOfWork,
    clock: FixedClock,
    stock_up: Stock,
    make_product: MakeProduct,
    tmp_path: Path,
) -> None:
    embedder = CountingEmbedder()
    stock_up(sqlite_units, make_product("a", "Oat Drink"))
    Indexer(sqlite_units, clock, embedder, None).run()
    search = open_search(sqlite_units, tmp_path, embedder, None, clock)
    embedder.away = True

    assert [hit.product_id for hit in search.find(SearchRequest("oat drink")).hits] == ["a"]
    stock_up(sqlite_units, make_product("b", "Soap"))
    with pytest.raises(Unavailable):
        Indexer(sqlite_units, clock, embedder, None).run()
    search.close()


def test_the_fitted_model_comes_back_from_sql_the_same(
    indexed_units: UnitsOfWork, clock: FixedClock
) -> None:
    embedder = FittedEmbedder(indexed_units, clock).current()
    assert isinstance(embedder, LsaEmbedder)
    again = LsaEmbedder.load(embedder.name, embedder.dump())
    with indexed_units.read() as session:
        product = CatalogRepository(session, clock).get("P200")
        names, vectors = VectorStore(session, clock).load(embedder.name, ["P200"])

    assert names == ["P200"]
    assert np.allclose(vectors[0], embedder.embed_query(embedding_text(product)), atol=1e-3)
    assert np.array_equal(again.embed_query("oat drink"), embedder.embed_query("oat drink"))
    assert np.linalg.norm(embedder.embed_query("oat drink")) == pytest.approx(1, abs=1e-4)
    assert not embedder.embed_query("qwrtzp").any()


def test_a_catalog_too_small_to_learn_from_has_no_vectors(
    sqlite_units: UnitsOfWork, clock: FixedClock, stock_up: Stock, make_product: MakeProduct
) -> None:
    stock_up(sqlite_units, make_product("a", "Oat Drink"))

    assert Indexer(sqlite_units, clock, None, None).run().embedder is None
    assert fit_lsa([]) is None
    assert fit_lsa(["same words"] * 50) is None


def test_a_catalog_that_doubled_is_learned_anew(
    sqlite_units: UnitsOfWork,
    clock: FixedClock,
    open_on: OpenSearch,
    stock_up: Stock,
    make_product: MakeProduct,
) -> None:
    kinds = ["oat", "soy", "rice", "pea", "nut", "corn"]
    things = [
        make_product(f"p{n}", f"{kinds[n % 6]} drink number{n} {kinds[n % 5]}") for n in range(60)
    ]
    stock_up(sqlite_units, *things[:30])
    first = Indexer(sqlite_units, clock, None, None).run()
    search = open_on(sqlite_units)
    clock.advance(60)
    stock_up(sqlite_units, *things[30:])

    second = Indexer(sqlite_units, clock, None, None).run()
    search.refresh()

    assert first.fitted
    assert second.fitted
    assert first.embedder != second.embedder
    current = FittedEmbedder(sqlite_units, clock).current()
    assert current is not None
    assert current.name == second.embedder
    with sqlite_units.read() as session:
        assert VectorStore(session, clock).count(str(first.embedder)) == 0
    assert search.find(SearchRequest("oat drink")).hits


@pytest.mark.parametrize(
    "limits",
    [
        ProductFilter(),
        ProductFilter(diets=("vegan",)),
        ProductFilter(category="Pasta"),
        ProductFilter(exclude=("milk",), in_stock_only=True),
    ],
)
def test_chroma_with_a_mask_finds_what_the_exact_way_finds(
    sample_units: UnitsOfWork, clock: FixedClock, chroma: ChromaIndex, limits: ProductFilter
) -> None:
    Indexer(sample_units, clock, None, chroma).run()
    embedder = FittedEmbedder(sample_units, clock).current()
    assert embedder is not None
    with sample_units.read() as session:
        names, vectors = VectorStore(session, clock).load(embedder.name)
        snapshot = Snapshot.build(CatalogRepository(session, clock).iterate(), 1)
    snapshot = snapshot.with_vectors(
        embedder.name, dict(zip(names, vectors, strict=True)), embedder.dimension
    )
    broad, exact = VectorLeg(chroma, exact_rows=0), VectorLeg(None)
    mask = mask_of(snapshot, limits)
    agreed = 0
    for query in ("oat drink", "pasta sauce", "dark chocolate", "soap", "fresh fruit"):
        vector = embedder.embed_query(query)
        near, cosine = broad.nearest(snapshot, vector, mask, 10)
        expected, best = exact.nearest(snapshot, vector, mask, 10)
        agreed += len(set(near.tolist()) & set(expected.tolist()))
        assert mask[near].all()
        assert np.allclose(cosine, best, atol=0.02)

    assert agreed >= 48


def test_one_process_of_a_machine_owns_chroma(tmp_path: Path) -> None:
    lock = OwnerLock.take(tmp_path / LOCK_NAME)
    assert lock is not None

    assert OwnerLock.take(tmp_path / LOCK_NAME) is None
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[bool] = context.Queue()
    other = context.Process(target=_try_lock, args=(tmp_path / LOCK_NAME, answers))
    other.start()
    assert answers.get(timeout=30) is False
    other.join()
    lock.release()
    assert not lock.held
    again = OwnerLock.take(tmp_path / LOCK_NAME)
    assert again is not None
    again.release()


def _try_lock(path: Path, answers: "multiprocessing.Queue[bool]") -> None:
    answers.put(OwnerLock.take(path) is not None)


def test_the_owner_indexes_beside_the_searches_and_others_follow(
    sqlite_units: UnitsOfWork,
    clock: FixedClock,
    stock_up: Stock,
    make_product: MakeProduct,
    tmp_path: Path,
) -> None:
    kinds = ["oat", "soy", "rice", "pea", "nut", "corn"]
    stock_up(sqlite_units, *(make_product(f"p{n}", f"{kinds[n % 6]} {kinds[n % 5]} drink{n}")
                             for n in range(40)))  # fmt: skip
    owner = open_search(sqlite_units, tmp_path, None, None, clock, index=True)
    other = open_search(sqlite_units, tmp_path, None, None, clock, index=True)
    done = threading.Event()
    try:
        for _ in range(200):
            other.refresh()
            if other.similar("p0", 3) and "cosine" in other.similar("p0", 3)[0].explain:
                done.set()
                break
            threading.Event().wait(0.1)
    finally:
        other.close()
        owner.close()

    assert done.is_set()
    released = OwnerLock.take(tmp_path / LOCK_NAME)
    assert released is not None
    released.release()


def test_an_index_that_is_not_open_says_so(chroma: ChromaIndex) -> None:
    with pytest.raises(Unavailable, match="still being opened"):
        chroma.count()
    with pytest.raises(Unavailable):
        ChromaIndex.server("http://127.0.0.1:9/")


def _range(units: UnitsOfWork, clock: FixedClock) -> int:
    with units.read() as session:
        return CatalogRepository(session, clock).count()


def test_a_catalog_without_a_word_in_common_teaches_nothing() -> None:
    assert fit_lsa([f"item{number}" for number in range(1000)]) is None
