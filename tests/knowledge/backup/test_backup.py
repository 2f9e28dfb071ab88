import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from knowledge.backup.archive import InvalidBackup
from knowledge.backup.backing_up import back_up
from knowledge.backup.restoring import restore
from knowledge.db.base import Row
from knowledge.db.migrate import head_revision
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Conflict
from knowledge.events.events import EventName, record_event
from knowledge.profile import ShopProfile
from knowledge.shoppers.shoppers import Shopper
from tests.databases import PostgresTemplate, SqliteTemplate, units_on
from tests.fixed_clock import FixedClock
from tests.market import fill_cart

if TYPE_CHECKING:
    from knowledge.shop import Shop


@pytest.fixture
def backup(market: "Shop", customer: Shopper, tmp_path: Path) -> Path:
    """Of a shop with a cart in it."""
    fill_cart(market, customer, oats="2")
    path = tmp_path / "shop.zip"
    back_up(path, market.units, market.profile, market.clock)
    return path


@pytest.fixture
def elsewhere(
    market: "Shop", sqlite_template: SqliteTemplate, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[UnitsOfWork]:
    """An empty database of the kind that the shop is not on."""
    if market.units.engine.dialect.name == "postgresql":
        folder = tmp_path / "elsewhere"
        folder.mkdir()
        with units_on(sqlite_template.copy_to(folder)) as units:
            yield units
        return
    template: PostgresTemplate = request.getfixturevalue("postgres_template")
    with template.clone() as url, units_on(url) as units:
        yield units


def everything(units: UnitsOfWork) -> dict[str, list[Any]]:
    with units.read() as session:
        return {
            table.name: [
                tuple(row)
                for row in session.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in Row.metadata.sorted_tables
        }


def test_a_shop_restored_on_the_other_kind_of_database_is_the_same_shop(
    market: "Shop", backup: Path, elsewhere: UnitsOfWork
) -> None:
    manifest = restore(backup, elsewhere)

    assert everything(elsewhere) == everything(market.units)
    assert manifest.tables["cart_lines"] == 1


def test_new_rows_are_numbered_behind_the_restored_ones(
    backup: Path, elsewhere: UnitsOfWork, clock: FixedClock
) -> None:
    restore(backup, elsewhere)
    before = everything(elsewhere)["events"]

    with elsewhere.write() as session:
        record_event(session, clock, EventName.CONFIRMATION_DECIDED, shopper_id=None, channel="web")

    assert everything(elsewhere)["events"][:-1] == before != []


def test_the_file_is_for_its_owner_alone_and_never_overwritten(
    market: "Shop", backup: Path
) -> None:
    assert backup.stat().st_mode & 0o077 == 0
    with pytest.raises(Conflict, match="exists already"):
        back_up(backup, market.units, ShopProfile(), market.clock)


def test_a_used_shop_is_overwritten_only_when_told_to(market: "Shop", backup: Path) -> None:
    before = everything(market.units)

    with pytest.raises(Conflict, match="--replace"):
        restore(backup, market.units)
    restore(backup, market.units, replace=True)

    assert everything(market.units) == before


def damaged(backup: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    target = backup.with_name("damaged.zip")
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


def _newer(name: str, content: bytes) -> bytes:
    newest = f'"{head_revision()}"'.encode()
    return content.replace(newest, b'"9999"') if name == "manifest.json" else content


def _without_products(name: str, content: bytes) -> bytes:
    return b"" if name == "tables/products.jsonl" else content


def _no_json(name: str, content: bytes) -> bytes:
    return content[:-20] if name == "tables/products.jsonl" else content


def _no_manifest(name: str, content: bytes) -> bytes | None:
    return None if name == "manifest.json" else content


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_newer, "newer version"),
        (_without_products, "0 rows of products"),
        (_no_json, "damaged in row"),
        (_no_manifest, "not a backup"),
    ],
)
def test_what_is_damaged_is_refused_and_leaves_the_shop_as_it_was(
    backup: Path,
    elsewhere: UnitsOfWork,
    change: Callable[[str, bytes], bytes | None],
    said: str,
) -> None:
    before = everything(elsewhere)

    with pytest.raises(InvalidBackup, match=said):
        restore(damaged(backup, change), elsewhere)

    assert everything(elsewhere) == before


def test_what_is_no_zip_file_is_refused(tmp_path: Path, sqlite_units: UnitsOfWork) -> None:
    path = tmp_path / "shop.zip"
    path.write_text("hello")

    with pytest.raises(InvalidBackup, match="not a backup"):
        restore(path, sqlite_units)
