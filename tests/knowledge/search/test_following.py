import time
from collections.abc import Callable
from decimal import Decimal

from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.catalog import SynonymRow
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.search.indexer import Indexer
from knowledge.search.product_search import ProductFilter, ProductSearch, SearchRequest
from tests.fixed_clock import FixedClock
from tests.knowledge.search.conftest import MakeProduct, OpenSearch, Stock


def found(search: ProductSearch, query: str, **limits: object) -> list[str]:
    results = search.find(SearchRequest(query, ProductFilter(**limits)))  # type: ignore[arg-type]
    return sorted(hit.product_id for hit in results.hits)


def test_added_changed_and_delisted_products_are_followed(
    units: UnitsOfWork,
    clock: FixedClock,
    open_on: OpenSearch,
    stock_up: Stock,
    make_product: MakeProduct,
) -> None:
    stock_up(units, make_product("a", "Oat Drink"), make_product("b", "Soy Drink"))
    search = open_on(units)

    stock_up(units, make_product("c", "Rice Drink"), make_product("b", "Hand Soap"))
    with units.write() as session:
        CatalogRepository(session, clock).delist(["a"])
    search.refresh()

    assert found(search, "drink") == ["c"]
    assert found(search, "soap") == ["b"]
    assert found(search, "oat") == []


def test_stock_and_price_are_followed(
    units: UnitsOfWork,
    clock: FixedClock,
    open_on: OpenSearch,
    stock_up: Stock,
    make_product: MakeProduct,
) -> None:
    stock_up(units, make_product("a", "Oat Drink", stock=1), make_product("b", "Soy Drink"))
    search = open_on(units)

    with units.write() as session:
        CatalogRepository(session, clock).take_stock("a", Decimal(1))
    search.refresh()
    assert found(search, "drink", in_stock_only=True) == ["b"]

    stock_up(units, make_product("a", "Oat Drink", stock=3, price="9.00"))
    search.refresh()
    assert found(search, "drink", in_stock_only=True) == ["a", "b"]
    assert found(search, "drink", max_price=Decimal(5)) == ["b"]


def test_a_search_sees_changes_by_itself_soon(
    sqlite_units: UnitsOfWork, open_on: OpenSearch, stock_up: Stock, make_product: MakeProduct
) -> None:
    stock_up(sqlite_units, make_product("a", "Oat Drink"))
    search = open_on(sqlite_units)
    stock_up(sqlite_units, make_product("b", "Rice Drink"))

    assert wait_until(lambda: found(search, "drink") == ["a", "b"])


def test_many_changes_at_once_are_taken_in_behind_the_searches(
    sqlite_units: UnitsOfWork, open_on: OpenSearch, stock_up: Stock, make_product: MakeProduct
) -> None:
    stock_up(sqlite_units, make_product("a", "Oat Drink"))
    search = open_on(sqlite_units)
    stock_up(sqlite_units, *(make_product(f"b{n}", f"Rice Drink {n}") for n in range(300)))

    assert wait_until(lambda: search.find(SearchRequest("drink")).total == 301)


def test_new_words_can_be_misspelt_at_once(
    sqlite_units: UnitsOfWork, open_on: OpenSearch, stock_up: Stock, make_product: MakeProduct
) -> None:
    stock_up(sqlite_units, make_product("a", "Oat Drink"))
    search = open_on(sqlite_units)

    stock_up(sqlite_units, make_product("b", "Kombucha"))
    search.refresh()

    assert found(search, "kombucah") == ["b"]
    assert "kombucha" in search.vocabulary.known_words


def test_an_owners_own_words_are_searched(
    units: UnitsOfWork, open_on: OpenSearch, stock_up: Stock, make_product: MakeProduct
) -> None:
    stock_up(units, make_product("a", "Lingonberry Jam"))
    with units.write() as session:
        session.add(SynonymRow(word="cowberry", means="lingonberry"))

    assert found(open_on(units), "cowberry jam") == ["a"]


def test_following_gives_what_opening_anew_gives(
    sqlite_units: UnitsOfWork,
    clock: FixedClock,
    open_on: OpenSearch,
    stock_up: Stock,
    make_product: MakeProduct,
) -> None:
    things = [make_product(f"p{n}", f"{kind} Drink {n}", stock=n)
              for n, kind in enumerate(["Oat", "Soy", "Rice", "Almond"] * 10)]  # fmt: skip
    stock_up(sqlite_units, *things)
    Indexer(sqlite_units, clock, None, None).run()
    search = open_on(sqlite_units)

    stock_up(sqlite_units, make_product("p1", "Soy Sauce"), make_product("new", "Oat Drink Extra"))
    Indexer(sqlite_units, clock, None, None).run()
    search.refresh()

    anew = open_on(sqlite_units)
    for query in ("oat drink", "soy", "almond drink"):
        followed = search.find(SearchRequest(query, limit=50))
        fresh = anew.find(SearchRequest(query, limit=50))
        assert followed.total == fresh.total
        assert {hit.product_id for hit in followed.hits} == {hit.product_id for hit in fresh.hits}
        assert followed.hits[0].explain.keys() == fresh.hits[0].explain.keys()


def test_an_empty_catalog_can_be_searched(
    units: UnitsOfWork, open_on: OpenSearch, stock_up: Stock, make_product: MakeProduct
) -> None:
    search = open_on(units)

    assert search.find(SearchRequest("milk")).total == 0
    assert search.find(SearchRequest("")).total == 0
    assert search.vocabulary.brands == ()
    stock_up(units, make_product("a", "Milk"))
    search.refresh()
    assert found(search, "milk") == ["a"]


def wait_until(holds: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False
