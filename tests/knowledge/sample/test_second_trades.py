"""Hardware and a cafe, so that nothing is built for groceries alone."""

import pytest

from tests.knowledge.sample.shop_files import SHOPS, Product, read_products


@pytest.mark.parametrize(("trade", "least", "most"), [("hardware", 60, 80), ("cafe", 50, 60)])
def test_second_trades_are_small_shops_of_their_own(
    groceries: list[Product], trade: str, least: int, most: int
) -> None:
    products = read_products(SHOPS[trade])

    assert least <= len(products) <= most
    assert {p.id for p in products}.isdisjoint(p.id for p in groceries)
    assert _brands(products)
    assert _brands(products).isdisjoint(_brands(groceries))


def test_hardware_has_attributes_and_nothing_to_eat() -> None:
    hardware = read_products(SHOPS["hardware"])

    assert not [product.id for product in hardware if product.is_food or product.ingredients]
    assert sum(bool(product.attributes) for product in hardware) >= 50


def test_the_cafe_declares_allergens_for_all_but_a_few() -> None:
    unknown = [product for product in read_products(SHOPS["cafe"]) if product.allergens is None]

    assert 1 <= len(unknown) <= 3


def _brands(products: list[Product]) -> set[str]:
    return {product.brand for product in products if product.brand}
