"""Fixtures for tests over the sample shop and the second trades."""

import pytest

from tests.knowledge.sample.shop_files import (
    SAMPLE,
    SHOPS,
    Basket,
    Product,
    read_baskets,
    read_products,
)


@pytest.fixture(scope="session")
def groceries() -> list[Product]:
    """Give every product of the sample shop."""
    return read_products(SHOPS["groceries"])


@pytest.fixture(scope="session")
def food(groceries: list[Product]) -> list[Product]:
    """Give what one can eat or drink in the sample shop."""
    return [product for product in groceries if product.is_food]


@pytest.fixture(scope="session")
def baskets() -> list[Basket]:
    """Give every basket of the sample shop."""
    return read_baskets(SAMPLE / "baskets.jsonl")


@pytest.fixture(scope="session", params=SHOPS)
def products(request: pytest.FixtureRequest) -> list[Product]:
    """Give every product of one shop after the other."""
    return read_products(SHOPS[request.param])
