"""Promotions of the sample name what the shop sells and are worth having."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from knowledge.pricing.promotion_file import PromotionRecord, read_promotions
from tests.knowledge.sample.shop_files import SAMPLE, Product


@pytest.fixture(scope="module")
def promotions() -> list[PromotionRecord]:
    return read_promotions(SAMPLE / "promotions.yaml")


def test_there_are_offers_of_every_kind(promotions: list[PromotionRecord]) -> None:
    kinds = [one.kind for one in promotions]

    assert len(promotions) >= 8
    assert kinds.count("n_for_price") >= 2
    assert sum(one.coupon is None for one in promotions if one.kind == "percent_off") >= 3
    assert {"products", "category", "brand"} <= {name for one in promotions for name in one.rule}
    [welcome] = [one for one in promotions if one.coupon == "WELCOME10"]
    assert welcome.rule == {"percent": "10", "minimum": "30.00", "once": True, "public": True}


def test_an_offer_of_the_season_begins_and_ends(promotions: list[PromotionRecord]) -> None:
    [winter] = [one for one in promotions if one.starts_at and one.ends_at]

    assert winter.starts_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert winter.ends_at == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "sold"),
    [
        ("products", lambda product: {product.id}),
        ("brand", lambda product: {product.brand}),
        (
            "category",
            lambda product: {product.department, product.category},
        ),
    ],
)
def test_offers_concern_what_is_sold(
    promotions: list[PromotionRecord],
    groceries: list[Product],
    field: str,
    sold: Callable[[Product], set[str | None]],
) -> None:
    known = {name for product in groceries for name in sold(product)}
    named = [one.rule[field] for one in promotions if field in one.rule]

    assert named
    for names in named:
        assert set(names if isinstance(names, list) else [names]) <= known


def test_several_pieces_together_cost_less_than_one_by_one(
    promotions: list[PromotionRecord], groceries: list[Product]
) -> None:
    prices = {product.id: Decimal(product.price) for product in groceries}

    assert [
        (one.id, product)
        for one in promotions
        if one.kind == "n_for_price"
        for product in one.rule["products"]
        if prices[product] * one.rule["count"] <= Decimal(one.rule["price"])
    ] == []


def test_no_offer_is_for_drinks_with_alcohol_alone(
    promotions: list[PromotionRecord], groceries: list[Product]
) -> None:
    adult = {product.id for product in groceries if product.age_limit}

    assert [
        one.id
        for one in promotions
        if adult & set(one.rule.get("products", ()))
        or str(one.rule.get("category", "")).startswith("Beer, wine & spirits")
    ] == []
