from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.catalog.units import (
    UNIT_NAMES,
    item_mass_kg,
    net_content,
    parse_size,
    read_unit,
    unit_price,
)
from tests.knowledge.catalog.conftest import MakeProduct


@pytest.mark.parametrize(
    ("size", "amount", "unit", "pieces"),
    [
        ("1 l", "1", "l", 1),
        ("500 g", "0.5", "kg", 1),
        ("500g", "0.5", "kg", 1),
        ("6 x 330 ml", "1.98", "l", 6),
        ("6x1.5L", "9", "l", 6),
        ("330 ml x 6", "1.98", "l", 6),
        ("1,5 l", "1.5", "l", 1),
        ("10 pieces", "10", "piece", 10),
        ("12 rolls", "12", "piece", 12),
        ("1 dozen", "12", "piece", 12),
        ("12 oz", "0.3401942775", "kg", 1),
        ("2 lb", "0.90718474", "kg", 1),
        ("1 gal", "3.785411784", "l", 1),
        ("12 fl oz", "0.35488235475", "l", 1),
        ("12 fl. oz.", "0.35488235475", "l", 1),
        ("25 cl (bottle)", "0.25", "l", 1),
    ],
)
def test_sizes_are_read(size: str, amount: str, unit: str, pieces: int) -> None:
    content = parse_size(size)

    assert content is not None
    assert (content.amount, content.unit, content.pieces) == (Decimal(amount), unit, pieces)


@pytest.mark.parametrize("size", ["", "large", "XL", "0 g", "5 parsecs", "g", "1/2 l", "3 x x"])
def test_what_says_no_amount_is_unknown(size: str) -> None:
    assert parse_size(size) is None


@given(
    amount=st.decimals("0.01", "5000", places=2),
    unit=st.sampled_from(sorted(UNIT_NAMES)),
    count=st.integers(2, 48),
)
def test_a_pack_holds_its_count_times_the_single(amount: Decimal, unit: str, count: int) -> None:
    single = parse_size(f"{amount} {unit}")
    pack = parse_size(f"{count} x {amount} {unit}")

    assert single is not None
    assert pack is not None
    assert pack.amount == single.amount * count
    assert pack.unit == single.unit


@given(price=st.decimals("0.01", "999.99", places=2), grams=st.integers(1, 20_000))
def test_unit_price_times_content_is_the_price(price: Decimal, grams: int) -> None:
    content = parse_size(f"{grams} g")
    assert content is not None
    per_kg = price / content.amount

    assert abs(per_kg * grams / 1000 - price) < Decimal("1e-9")


def test_the_unit_price_follows_price_and_size(make_product: MakeProduct) -> None:
    price = unit_price(make_product(price="2.19", size="6 x 330 ml"))

    assert price is not None
    assert (str(price.price), price.unit) == ("1.11", "l")


def test_goods_by_weight_cost_what_their_unit_costs(make_product: MakeProduct) -> None:
    per_kg = make_product(price="1.69", sell_by="weight", unit="kg", step="0.1")
    per_100g = make_product(price="0.50", sell_by="weight", unit="100 g")

    assert str(unit_price(per_kg).price) == "1.69"  # type: ignore[union-attr]
    assert str(unit_price(per_100g).price) == "5.00"  # type: ignore[union-attr]


def test_without_a_size_there_is_no_unit_price(make_product: MakeProduct) -> None:
    assert unit_price(make_product()) is None
    assert net_content(make_product(size="one size")) is None


@pytest.mark.parametrize(
    ("fields", "mass"),
    [
        ({"size": "500 g"}, "0.5"),
        ({"size": "6 x 330 ml"}, "1.98"),
        ({"size": "1 piece", "attributes": {"net_weight_g": 120}}, "0.12"),
        ({"size": "1 piece", "attributes": {"net_weight_g": "heavy"}}, None),
        ({"size": "1 piece", "attributes": {"net_weight_g": "NaN"}}, None),
        ({"size": "3 pieces"}, None),
        ({"sell_by": "weight", "unit": "kg"}, "1"),
        ({"sell_by": "weight", "unit": "lb"}, "0.45359237"),
        ({}, None),
    ],
)
def test_mass_comes_from_size_or_a_declared_weight(
    make_product: MakeProduct, fields: dict[str, object], mass: str | None
) -> None:
    found = item_mass_kg(make_product(**fields))

    assert found == (None if mass is None else Decimal(mass))


def test_units_are_read_by_any_of_their_names() -> None:
    assert read_unit("kilogram") == ("kg", Decimal(1))
    assert read_unit("fl oz") == ("l", Decimal("0.0295735295625"))
    assert read_unit("100 g") == ("kg", Decimal("0.100"))
    assert read_unit("furlong") is None
