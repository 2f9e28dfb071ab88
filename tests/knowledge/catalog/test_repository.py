import threading
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy import event

from knowledge.catalog.repository import CatalogRepository
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import ProductNotFound
from knowledge.money import Money
from tests.fixed_clock import FixedClock
from tests.knowledge.catalog.conftest import MakeProduct

FULL = {
    "gtin": "2000000000046",
    "group_id": "g1",
    "options": {"colour": "red"},
    "brand": "Northfield",
    "category": "Drinks > Plant drinks",
    "description": "Creamy <b>oats</b> & water",
    "size": "1 l",
    "stock": 40,
    "rating": 4.4,
    "ratings_count": 12,
    "ingredients": "Water, oats (10%), salt",
    "allergens": ["gluten"],
    "traces": [],
    "diets": ["vegan"],
    "nutrition": {"energy_kcal": 46, "fat": "1.5", "salt": "0.1"},
    "nutrition_class": "beverage",
    "labels": ["USDA Organic"],
    "origin": "Sweden",
    "packaging": ["carton"],
    "carbon_kg_per_kg": "0.42",
    "age_limit": 0,
    "season": "Apr-Aug",
    "attributes": {"net_weight_g": 1030},
    "updated_at": "2026-01-31T10:00:00Z",
}


def test_a_product_comes_back_as_it_was_written(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    product = make_product("p1", **FULL)

    with units.write() as session:
        CatalogRepository(session, clock).upsert([product])

    with units.read() as session:
        assert CatalogRepository(session, clock).get("p1") == product


def test_unknown_allergens_stay_unknown(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    with units.write() as session:
        CatalogRepository(session, clock).upsert(
            [make_product("a"), make_product("b", allergens=[], nutrition=None)]
        )

    with units.read() as session:
        found = CatalogRepository(session, clock).get_many(["a", "b"])
    assert found["a"].allergens is None
    assert found["b"].allergens == ()
    assert found["b"].nutrition is None


def test_writing_the_same_again_changes_nothing(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    products = [make_product(f"p{number}", **FULL) for number in range(3)]
    with units.write() as session:
        first = CatalogRepository(session, clock).upsert(products)
    with units.write() as session:
        catalog = CatalogRepository(session, clock)
        revision = catalog.revision()
        again = catalog.upsert(products)

        assert (first.added, again.unchanged) == (3, 3)
        assert again.changed == again.added == 0
        assert catalog.revision() == revision


def test_changes_are_told_by_kind(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    with units.write() as session:
        catalog = CatalogRepository(session, clock)
        catalog.upsert([make_product("a", stock=5), make_product("b", stock=5)])
        revision = catalog.revision()
        catalog.upsert([make_product("a", stock=6), make_product("b", stock=5, title="New")])
        catalog.delist(["b"])

        changes = catalog.changes_since(revision)

    assert [(change.product_id, change.kind) for change in changes] == [
        ("b", "changed"),
        ("a", "stock"),
        ("b", "delisted"),
    ]
    assert all(earlier.revision < later.revision for earlier, later in pairwise(changes))


def test_prices_are_remembered(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    with units.write() as session:
        catalog = CatalogRepository(session, clock)
        for price in ("2.00", "2.00", "1.80"):
            catalog.upsert([make_product("a", price=price)])

        assert [price for _, price in catalog.price_history("a")] == [Decimal(2), Decimal("1.8")]


def test_what_is_delisted_is_not_found(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    with units.write() as session:
        catalog = CatalogRepository(session, clock)
        catalog.upsert([make_product("a"), make_product("b")])
        assert catalog.delist(["a", "nothing"]) == 1

        assert catalog.find("a") is None
        assert catalog.count() == 1
        assert [product.id for product in catalog.iterate()] == ["b"]
        kept = catalog.find("a", include_delisted=True)
        assert kept is not None
        assert not kept.listed
        with pytest.raises(ProductNotFound):
            catalog.get("a")


def test_a_delisted_product_that_is_imported_again_is_for_sale(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    with units.write() as session:
        catalog = CatalogRepository(session, clock)
        catalog.upsert([make_product("a")])
        catalog.delist(["a"])

        counts = catalog.upsert([make_product("a")])

        assert counts.changed == 1
        assert catalog.find("a") is not None


def test_stock_is_taken_only_while_there_is_enough(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    with units.write() as session:
        catalog = CatalogRepository(session, clock)
        catalog.upsert([make_product("a", stock=3), make_product("free")])

        assert catalog.take_stock("a", Decimal(2))
        assert not catalog.take_stock("a", Decimal(2))
        assert catalog.get("a").stock == 1
        catalog.put_back("a", Decimal(2))
        assert catalog.get("a").stock == 3
        assert catalog.take_stock("free", Decimal(1000))
        assert not catalog.take_stock("nothing", Decimal(1))


def test_fractions_of_a_kilogram_are_taken_exactly(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    by_weight = {"sell_by": "weight", "unit": "kg", "stock": "1"}
    with units.write() as session:
        catalog = CatalogRepository(session, clock)
        catalog.upsert([make_product("a", **by_weight)])
        for _ in range(10):
            assert catalog.take_stock("a", Decimal("0.1"))

        assert catalog.get("a").stock == 0
        assert not catalog.take_stock("a", Decimal("0.0001"))


def test_concurrent_shoppers_never_take_more_than_there_is(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    with units.write() as session:
        CatalogRepository(session, clock).upsert([make_product("a", stock=7)])
    taken: list[bool] = []

    def take() -> None:
        with units.write() as session:
            taken.append(CatalogRepository(session, clock).take_stock("a", Decimal(1)))

    threads = [threading.Thread(target=take) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == [False] * 5 + [True] * 7


def test_a_change_never_becomes_visible_before_an_earlier_one(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    """A follower that saw revision 8 would never ask for a 7 that commits later."""
    with units.write() as session:
        CatalogRepository(session, clock).upsert([make_product("a", stock=5)])
        CatalogRepository(session, clock).upsert([make_product("b", stock=5)])

    def take_b() -> None:
        with units.write() as session:
            CatalogRepository(session, clock).take_stock("b", Decimal(1))

    with units.write() as session:
        slow = CatalogRepository(session, clock)
        slow.take_stock("a", Decimal(1))
        own = slow.revision()
        fast = threading.Thread(target=take_b)
        fast.start()
        fast.join(timeout=0.5)
        with units.read() as other:
            assert CatalogRepository(other, clock).revision() < own
    fast.join()

    with units.read() as session:
        changes = CatalogRepository(session, clock).changes_since(own - 1)
    assert [change.product_id for change in changes] == ["a", "b"]


def test_categories_are_counted_by_path(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    with units.write() as session:
        catalog = CatalogRepository(session, clock)
        catalog.upsert(
            [
                make_product("a", category="Dairy > Milk"),
                make_product("b", category="Dairy>Milk"),
                make_product("c", category="Bakery"),
                make_product("d"),
            ]
        )

        found = {one.path: one.products for one in catalog.categories()}

    assert found == {("Bakery",): 1, ("Dairy", "Milk"): 2}


def test_iterating_after_a_revision_gives_what_changed_since(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    with units.write() as session:
        catalog = CatalogRepository(session, clock)
        catalog.upsert([make_product("a"), make_product("b"), make_product("c")])
        revision = catalog.revision()
        catalog.upsert([make_product("b", price="3.00")])
        catalog.delist(["c"])

        changed = {product.id: product for product in catalog.iterate(revision)}

    assert set(changed) == {"b", "c"}
    assert changed["b"].price == Money(Decimal(3), "USD")
    assert not changed["c"].listed


def test_many_products_are_iterated_in_order(
    sqlite_units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    ids = [f"p{number:05}" for number in range(2300)]
    with sqlite_units.write() as session:
        catalog = CatalogRepository(session, clock)
        counts = catalog.upsert(make_product(product_id) for product_id in ids)

        assert counts.added == len(ids)
        assert [product.id for product in catalog.iterate()] == ids


def test_a_product_is_found_by_its_barcode(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    with units.write() as session:
        catalog = CatalogRepository(session, clock)
        catalog.upsert([make_product("a", gtin="4006381333931")])

        found = catalog.find_by_gtin("4006381333931")

        assert found is not None
        assert found.id == "a"
        assert catalog.find_by_gtin("1") is None


def test_a_barcode_finds_the_product_that_is_still_sold(
    units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    with units.write() as session:
        catalog = CatalogRepository(session, clock)
        catalog.upsert([make_product(one, gtin="4006381333931") for one in ("a", "b")])
        catalog.delist(["a"])

        found = catalog.find_by_gtin("4006381333931")

        assert found is not None
        assert found.id == "b"
        assert catalog.listed_among(["a", "b", "nothing"]) == {"b"}


def test_reading_a_few_products_does_not_go_through_all_that_are_for_sale(
    sqlite_units: UnitsOfWork, clock: FixedClock
) -> None:
    asked: list[str] = []
    event.listen(
        sqlite_units.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: asked.append(statement),
    )
    with sqlite_units.read() as session:
        CatalogRepository(session, clock).get_many(["a", "b"])
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[-1]}", ("a", "b"))

        assert "(id=?)" in " ".join(str(step) for step in plan)
