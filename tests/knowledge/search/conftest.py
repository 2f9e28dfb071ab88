"""Fixtures for search tests: products, and a search over the sample or over a few of them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from knowledge.catalog.models import Product
from knowledge.catalog.record import read_record
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.search.indexer import Indexer
from knowledge.search.product_search import ProductSearch, open_search
from tests.databases import SqliteTemplate, units_on
from tests.fixed_clock import FixedClock
from tests.sample_shop import load_sample

MakeProduct = Callable[..., Product]
Stock = Callable[..., None]
OpenSearch = Callable[[UnitsOfWork], ProductSearch]


@pytest.fixture
def make_product() -> MakeProduct:
    def make(product_id: str = "p1", title: str = "Thing", **fields: object) -> Product:
        data = {"id": product_id, "title": title, "price": "2.19"} | fields
        return read_record(data, "USD")

    return make


@pytest.fixture
def stock_up(clock: FixedClock) -> Stock:
    """Writes products to a catalog."""

    def write(units: UnitsOfWork, *products: Product) -> None:
        with units.write() as session:
            CatalogRepository(session, clock).upsert(products)

    return write


@pytest.fixture
def open_on(clock: FixedClock, tmp_path: Path) -> Iterator[OpenSearch]:
    with ExitStack() as opened:

        def open_one(units: UnitsOfWork) -> ProductSearch:
            search = open_search(units, tmp_path, None, None, clock)
            opened.callback(search.close)
            return search

        yield open_one


@pytest.fixture(scope="session")
def indexed_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """The sample catalog with the vectors of its own LSA."""

    def fill(url: str) -> None:
        load_sample(url)
        with units_on(url) as units:
            Indexer(units, FixedClock(), None, None).run()

    return SqliteTemplate(tmp_path_factory.mktemp("indexed"), fill=fill)


@pytest.fixture(scope="session")
def indexed_units(
    indexed_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[UnitsOfWork]:
    """One copy for all tests that only read."""
    with units_on(indexed_template.copy_to(tmp_path_factory.mktemp("read"))) as units:
        yield units


@pytest.fixture(scope="session")
def sample_search(
    indexed_units: UnitsOfWork, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ProductSearch]:
    search = open_search(indexed_units, tmp_path_factory.mktemp("data"), None, None, FixedClock())
    yield search
    search.close()


@pytest.fixture(scope="session")
def sample(indexed_units: UnitsOfWork) -> dict[str, Product]:
    with indexed_units.read() as session:
        return {one.id: one for one in CatalogRepository(session, FixedClock()).iterate()}
