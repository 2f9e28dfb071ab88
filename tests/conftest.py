"""Fixtures of all tests: databases, a private Redis, a clock, a sample shop, a shopper."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from connectors.embedded import EmbeddedRedis
from knowledge.db.unit_of_work import UnitsOfWork
from tests.databases import PostgresTemplate, SqliteTemplate, units_on, without_waiting_for_disks
from tests.fixed_clock import FixedClock
from tests.market import SHELVES, stock_shelves
from tests.network_guard import no_network
from tests.sample_shop import load_sample, open_sample_shop

if TYPE_CHECKING:
    from knowledge.shop import Shop
    from knowledge.shoppers.shoppers import Shopper
    from tests.calls import Talk


@pytest.fixture(scope="session", autouse=True)
def stay_on_this_machine() -> Iterator[None]:
    with no_network():
        yield


@pytest.fixture(scope="session", autouse=True)
def do_not_wait_for_disks() -> None:
    without_waiting_for_disks()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    return SqliteTemplate(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def sample_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    return SqliteTemplate(tmp_path_factory.mktemp("sample"), fill=load_sample)


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresTemplate]:
    template = PostgresTemplate(tmp_path_factory.mktemp("postgres"))
    yield template
    template.close()


@pytest.fixture
def sqlite_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    return sqlite_template.copy_to(tmp_path)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty, migrated database of each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    template: PostgresTemplate = request.getfixturevalue("postgres_template")
    with template.clone() as url:
        yield url


@pytest.fixture
def units(database_url: str) -> Iterator[UnitsOfWork]:
    with units_on(database_url) as made:
        yield made


@pytest.fixture
def sqlite_units(sqlite_url: str) -> Iterator[UnitsOfWork]:
    with units_on(sqlite_url) as made:
        yield made


@pytest.fixture
def make_shop(clock: FixedClock, tmp_path: Path) -> Iterator[Callable[[str], "Shop"]]:
    """Opens shops on the databases that a test asks for."""
    with ExitStack() as opened:

        def make(url: str) -> "Shop":
            return opened.enter_context(open_sample_shop(url, tmp_path, clock))

        yield make


@pytest.fixture
def shop(
    make_shop: Callable[[str], "Shop"], sample_template: SqliteTemplate, tmp_path: Path
) -> "Shop":
    """The sample shop, on SQLite."""
    folder = tmp_path / "sample"
    folder.mkdir()
    return make_shop(sample_template.copy_to(folder))


@pytest.fixture
def shopper(shop: "Shop") -> "Shopper":
    with shop.write() as work:
        return work.shoppers.create_anonymous("web")


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis of our own; tests keep apart by the ids in their keys."""
    with EmbeddedRedis(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@pytest.fixture
def market(make_shop: Callable[[str], "Shop"], database_url: str) -> "Shop":
    """A small shop on each kind of database, with the products of ``tests.market``."""
    shop = make_shop(database_url)
    stock_shelves(shop, *SHELVES)
    return shop


@pytest.fixture
def customer(market: "Shop") -> "Shopper":
    with market.write() as work:
        return work.shoppers.create_anonymous("web")


@pytest.fixture
def talk(make_shop: Callable[[str], "Shop"], sqlite_url: str) -> "Talk":
    """A shopper in the small shop, on SQLite, who calls tools."""
    from tests.calls import Talk  # noqa: PLC0415 - only when a test asks for it

    shop = make_shop(sqlite_url)
    stock_shelves(shop, *SHELVES)
    with shop.write() as work:
        return Talk(shop, work.shoppers.create_anonymous("web"))
