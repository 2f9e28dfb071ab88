from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from knowledge.catalog.enrichment.barcodes import normalise
from knowledge.catalog.enrichment.enriching import Enricher
from knowledge.catalog.enrichment.facts import usable
from knowledge.catalog.models import Product
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Unavailable
from knowledge.ports import ProductFacts
from knowledge.scoring.allergens import check_allergen, safe_from
from tests.fixed_clock import FixedClock
from tests.knowledge.catalog.conftest import MakeProduct
from tools.product_views import detail

CODE = "07312345678909"
EAN = "7312345678909"
FACTS = {
    "ingredients": "Sugar, milk",
    "allergens": ["milk"],
    "traces": ["nuts"],
    "labels": ["Fair trade"],
    "nutrition": {"fat": "30.9", "salt": "0.1"},
    "carbon_kg_per_kg": "4.2",
    "nutri_score": "E",
    "attributes.nova_group": "4",
}


@dataclass
class Book:
    """A source of facts written down by a test; it refuses after ``most`` questions."""

    source: str = "open_food_facts"
    facts: dict[str, Mapping[str, Any]] = field(default_factory=lambda: {EAN: FACTS})
    asked: list[str] = field(default_factory=list)
    most: int = 100

    def find(self, gtin: str) -> Mapping[str, Any] | None:
        if len(self.asked) >= self.most:
            raise Unavailable("Not now.")
        self.asked.append(gtin)
        return self.facts.get(gtin)


class Shelf:
    def __init__(self, units: UnitsOfWork, clock: FixedClock) -> None:
        self._units, self._clock = units, clock

    def put(self, *products: Product) -> str:
        with self._units.write() as session:
            counts = CatalogRepository(session, self._clock).upsert(products)
        return f"{counts.added} {counts.changed} {counts.unchanged}"

    def get(self, product_id: str = "w") -> Product:
        with self._units.read() as session:
            return CatalogRepository(session, self._clock).get(product_id)


@pytest.fixture
def shelf(units: UnitsOfWork, clock: FixedClock) -> Shelf:
    return Shelf(units, clock)


@pytest.fixture
def wafer(make_product: MakeProduct) -> Product:
    return make_product("w", title="Wafer", gtin=CODE, category="Sweets", labels=["Our own"])


def test_a_book_is_a_source() -> None:
    assert isinstance(Book(), ProductFacts)


def test_only_unknown_facts_are_filled_and_marked(
    shelf: Shelf, wafer: Product, units: UnitsOfWork, clock: FixedClock
) -> None:
    shelf.put(wafer)

    report = Enricher(units, clock, Book()).run()

    found = shelf.get()
    assert (report.barcodes, report.asked, report.known, report.filled) == (1, 1, 1, 1)
    assert (found.ingredients, found.allergens, found.traces) == (
        "Sugar, milk", ("milk",), ("nuts",),
    )  # fmt: skip
    assert found.labels == ("Our own",)
    assert found.nutrition is not None
    assert found.nutrition.fat == Decimal("30.9")
    assert found.attributes == {"nova_group": "4"}
    assert set(found.enriched) == {
        "ingredients", "allergens", "traces", "nutrition", "carbon_kg_per_kg",
        "attributes.nova_group",
    }  # fmt: skip


def test_the_source_is_named_where_the_facts_are_shown(
    shelf: Shelf, wafer: Product, units: UnitsOfWork, clock: FixedClock
) -> None:
    shelf.put(wafer)
    Enricher(units, clock, Book()).run()

    facts = {one.name: one.value for one in detail(shelf.get()).facts}

    assert "allergens, carbon kg per kg, ingredients" in facts["Facts from Open Food Facts (ODbL)"]


def test_such_facts_can_warn_but_never_call_a_product_safe(
    shelf: Shelf, wafer: Product, units: UnitsOfWork, clock: FixedClock
) -> None:
    shelf.put(wafer)
    Enricher(units, clock, Book()).run()

    found = shelf.get()

    assert [check_allergen(found, one).verdict for one in ("milk", "nuts", "fish")] == [
        "no", "no", "unknown",
    ]  # fmt: skip
    assert safe_from(found) == ()


def test_the_owners_next_word_wins_and_the_rest_stays(
    shelf: Shelf, wafer: Product, units: UnitsOfWork, clock: FixedClock
) -> None:
    shelf.put(wafer)
    Enricher(units, clock, Book()).run()

    assert shelf.put(wafer) == "0 0 1"
    assert shelf.get().ingredients == "Sugar, milk"
    assert shelf.put(replace(wafer, allergens=(), attributes={"nova_group": "1"})) == "0 1 0"

    found = shelf.get()
    assert (found.allergens, found.ingredients) == ((), "Sugar, milk")
    assert found.attributes == {"nova_group": "1"}
    assert "allergens" not in found.enriched
    assert "ingredients" in found.enriched


def test_facts_of_another_barcode_do_not_stay(
    shelf: Shelf, wafer: Product, units: UnitsOfWork, clock: FixedClock
) -> None:
    shelf.put(wafer)
    Enricher(units, clock, Book()).run()

    shelf.put(replace(wafer, gtin="4006381333931"))

    assert (shelf.get().ingredients, dict(shelf.get().enriched)) == (None, {})


def test_answers_are_kept_also_that_nothing_is_known(
    shelf: Shelf, wafer: Product, units: UnitsOfWork, clock: FixedClock
) -> None:
    book = Book()
    shelf.put(wafer, replace(wafer, id="x", gtin="4006381333931"), replace(wafer, id="y"))

    first = Enricher(units, clock, book).run()
    again = Enricher(units, clock, book).run()

    assert (first.barcodes, first.asked, first.filled) == (2, 2, 2)
    assert (again.asked, again.known, again.filled) == (0, 1, 0)
    clock.advance(days=31)
    assert Enricher(units, clock, book).run().asked == 1
    clock.advance(days=60)
    assert Enricher(units, clock, book).run().asked == 2


def test_a_limit_and_a_refusal_leave_the_rest_for_later(
    wafer: Product, sqlite_units: UnitsOfWork, clock: FixedClock
) -> None:
    own = Shelf(sqlite_units, clock)
    own.put(wafer, replace(wafer, id="x", gtin="4006381333931"))

    limited = Enricher(sqlite_units, clock, Book()).run(limit=1)
    stopped = Enricher(sqlite_units, clock, Book(most=0)).run()

    assert (limited.asked, limited.left) == (1, 1)
    assert (stopped.asked, stopped.left, stopped.stopped) == (0, 1, "Not now.")


@pytest.mark.parametrize(
    ("gtin", "normal"),
    [
        ("036000291452", "0036000291452"),
        ("0036000291452", "0036000291452"),
        ("00036000291452", "0036000291452"),
        ("73513537", "73513537"),
        ("4006381333931", "4006381333931"),
        ("4006381333932", None),
        ("14006381333938", None),
        ("2000000000008", None),
        ("0200000000004", None),
        ("12345", None),
        ("ABC-1234", None),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", None),
        (None, None),
    ],
)
def test_barcodes_are_made_alike_and_those_of_one_store_are_not_asked_for(
    gtin: str | None, normal: str | None
) -> None:
    assert normalise(gtin) == normal


@pytest.mark.parametrize(
    "facts",
    [
        {"allergens": ["magic"]},
        {"allergens": []},
        {"nutrition": {"fat": "130"}},
        {"nutrition": "much"},
        {"carbon_kg_per_kg": "NaN"},
        {"carbon_kg_per_kg": "-1"},
        {"ingredients": 7},
        {"labels": "one"},
        {"title": "Another name"},
        {"price": "0.01"},
    ],
)
def test_odd_facts_are_left_out(facts: dict[str, Any]) -> None:
    assert usable(facts) == {}
