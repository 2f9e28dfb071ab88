"""Talkers: shoppers of real shops who speak to the offline model over the real tools."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.catalog.importing import import_file
from knowledge.shop import Shop
from tests.assistant.offline.catalogs import CATALOGS
from tests.assistant.offline.talking_to import Talker
from tests.databases import SqliteTemplate, units_on
from tests.fixed_clock import FixedClock
from tests.sample_shop import SAMPLE, open_sample_shop


def open_catalog(
    template: SqliteTemplate, folder: Path, catalog: str, policies: Path | None
) -> Iterator[Shop]:
    url = template.copy_to(folder)
    clock = FixedClock()
    with units_on(url) as units:
        import_file(CATALOGS[catalog], units, clock, currency="USD")
    with open_sample_shop(url, folder, clock) as opened:
        if policies is not None:
            with opened.write() as work:
                work.policies.load(policies)
        yield opened


@pytest.fixture(scope="module")
def grocery_shop(
    sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    """One sample shop for all conversations of a module; they differ in their shoppers."""
    folder = tmp_path_factory.mktemp("grocery")
    yield from open_catalog(sqlite_template, folder, "grocery", SAMPLE / "policies")


@pytest.fixture
def talker(grocery_shop: Shop) -> Talker:
    """A new shopper of the sample shop."""
    return shopper_of(grocery_shop)


@pytest.fixture
def hardware_talker(sqlite_template: SqliteTemplate, tmp_path: Path) -> Iterator[Talker]:
    """A new shopper of the hardware shop."""
    for shop in open_catalog(sqlite_template, tmp_path, "hardware", None):
        yield shopper_of(shop)


def shopper_of(shop: Shop) -> Talker:
    with shop.write() as work:
        shopper = work.shoppers.create_anonymous("web")
    return Talker(shop, shopper.id, shopper.cart_id)
