from pathlib import Path

import pytest

from knowledge.catalog.import_report import UnreadableImport
from knowledge.catalog.importing import import_file
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.unit_of_work import UnitsOfWork
from tests.fixed_clock import FixedClock
from tests.knowledge.catalog.broken_feeds import Broken, broken_feeds
from tests.knowledge.catalog.conftest import MakeProduct

FEEDS = list(broken_feeds())


def test_there_are_more_than_a_hundred_kinds_of_broken_feeds() -> None:
    assert len({one.name for one in FEEDS}) == len(FEEDS) > 100


def test_each_is_refused_or_told_by_row_and_column_and_harms_nothing(
    sqlite_units: UnitsOfWork, clock: FixedClock, make_product: MakeProduct, tmp_path: Path
) -> None:
    with sqlite_units.write() as session:
        CatalogRepository(session, clock).upsert([make_product("kept")])
    wrong = []
    for one in FEEDS:
        path = tmp_path / "feed"
        path.write_bytes(one.content)
        told = _told(path, sqlite_units, clock)
        with sqlite_units.write() as session:
            catalog = CatalogRepository(session, clock)
            found = {product.id: product.title for product in catalog.iterate()}
            catalog.delist(["good"])
        if one.column is None:
            expected = ("refused", {"kept": "Thing kept"})
        else:
            good = {"good": "Good"} if one.taken else {}
            expected = (f"{one.row} {one.column}", {"kept": "Thing kept"} | good)
        if (told, found) != expected:
            wrong.append((one.name, told, found, expected))
    assert not wrong, "\n".join(map(repr, wrong))


def _told(path: Path, units: UnitsOfWork, clock: FixedClock) -> str:
    try:
        report = import_file(path, units, clock, "USD")
    except UnreadableImport:
        return "refused"
    first = report.errors[0] if report.errors else None
    return f"{first.row} {first.column}" if first else "nothing"


@pytest.mark.parametrize("name", ["entity bomb", "external entity"])
def test_hostile_files_are_refused_for_what_they_are(
    sqlite_units: UnitsOfWork, clock: FixedClock, tmp_path: Path, name: str
) -> None:
    feed: Broken = next(one for one in FEEDS if one.name == f"google-xml: {name}")
    (tmp_path / "feed").write_bytes(feed.content)

    with pytest.raises(UnreadableImport, match="can be used to do harm"):
        import_file(tmp_path / "feed", sqlite_units, clock, "USD")
