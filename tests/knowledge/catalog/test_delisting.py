from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from knowledge.catalog.import_report import ImportReport
from knowledge.catalog.importing import ImportTerms, import_file
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.unit_of_work import UnitsOfWork
from tests.fixed_clock import FixedClock
from tests.knowledge.catalog.conftest import MakeProduct

Bring = Callable[..., ImportReport]
Listed = Callable[[], str]


@pytest.fixture
def bring(units: UnitsOfWork, clock: FixedClock, tmp_path: Path) -> Bring:
    """Import a full feed of products named by letters; other rows go in as they are."""

    def bring(
        letters: str, *rows: str, feed: str | None = "f", force: bool = False
    ) -> ImportReport:
        path = tmp_path / "feed.jsonl"
        made = [orjson.dumps({"id": one, "title": one, "price": "1"}).decode() for one in letters]
        path.write_text("\n".join([*made, *rows]) + "\n")
        terms = ImportTerms(feed_id=feed, delist="feed", force=force)
        return import_file(path, units, clock, "USD", terms=terms)

    return bring


@pytest.fixture
def listed(units: UnitsOfWork, clock: FixedClock) -> Listed:
    def listed() -> str:
        with units.read() as session:
            return "".join(one.id for one in CatalogRepository(session, clock).iterate())

    return listed


def test_what_a_full_feed_no_longer_holds_is_delisted_and_comes_back(
    bring: Bring, listed: Listed
) -> None:
    bring("abcd")

    assert (bring("ab").delisted, listed()) == (2, "ab")
    assert (bring("abc").delisted, listed()) == (0, "abc")


def test_a_feed_delists_only_what_it_brought_itself(
    bring: Bring, listed: Listed, units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct
) -> None:
    with units.write() as session:
        CatalogRepository(session, clock).upsert([make_product("o"), make_product("w")])
    bring("abcd")
    bring("xyz", feed="g")

    assert bring("abc").delisted == 1
    assert listed() == "abcowxyz"
    assert bring("w", feed=None).delisted == 1
    assert listed() == "abcwxyz"


def test_what_another_feed_brings_as_well_is_its_own_from_then_on(
    bring: Bring, listed: Listed
) -> None:
    bring("abcd")
    taken = bring("dx", feed="g")

    assert (taken.added, taken.unchanged) == (1, 1)
    bring("abc")
    assert listed() == "abcdx"


def test_the_loss_of_more_than_half_is_not_believed_unless_forced(
    bring: Bring, listed: Listed
) -> None:
    bring("abcd")

    doubted = bring("a")
    assert (doubted.delisted, doubted.withheld, listed()) == (0, 3, "abcd")
    assert "more than half of the 4 products" in doubted.withheld_because
    assert (bring("a", force=True).delisted, listed()) == (3, "a")


def test_a_feed_without_a_good_row_delists_nothing_not_even_by_force(
    bring: Bring, listed: Listed
) -> None:
    bring("ab")

    report = bring("", '{"id": "x"}', force=True)

    assert (report.withheld, listed()) == (2, "ab")
    assert "no row that can be used" in report.withheld_because


def test_a_refused_row_keeps_its_product_and_a_nameless_one_keeps_all(
    bring: Bring, listed: Listed
) -> None:
    bring("abcd")

    assert bring("abc", '{"id": "d", "price": "oops"}').delisted == 0
    cut_off = bring("abc", '{"id": "d", "ti')
    assert (cut_off.delisted, cut_off.withheld, listed()) == (0, 1, "abcd")
    assert "a row could not be read" in cut_off.withheld_because


def test_drafts_are_taken_off_sale(
    sqlite_units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct, tmp_path: Path
) -> None:
    path = tmp_path / "products.csv"
    path.write_text(
        "Handle,Title,Status,Variant SKU,Variant Price\na,A,draft,A,1.00\nb,B,active,B,1.00\n"
    )
    with sqlite_units.write() as session:
        CatalogRepository(session, clock).upsert([make_product("A"), make_product("C")])

    report = import_file(path, sqlite_units, clock, "USD")

    assert (report.added, report.delisted) == (1, 1)
    with sqlite_units.read() as session:
        found = [one.id for one in CatalogRepository(session, clock).iterate()]
    assert found == ["B", "C"]
