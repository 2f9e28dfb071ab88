"""Promotions as shoppers see and ask for them, over the real tools."""

from datetime import timedelta
from typing import Any

import pytest

from knowledge.pricing.promotion_file import PromotionRecord
from tests.calls import Talk, block_of
from tests.market import goods, stock_shelves
from tools.blocks import CartBlock, ComparisonBlock, ProductBlock, ProductsBlock

TWO_TEAS: dict[str, Any] = {
    "id": "teas",
    "title": "2 teas for $5",
    "kind": "n_for_price",
    "rule": {"products": ["tea"], "count": 2, "price": "5.00"},
}
OATS: dict[str, Any] = {
    "id": "oats",
    "title": "10% off oats",
    "kind": "percent_off",
    "rule": {"products": ["oats", "plums", "wine"], "percent": "10"},
}
WELCOME: dict[str, Any] = {
    "id": "welcome",
    "title": "10% off one order",
    "kind": "percent_off",
    "rule": {"percent": "10", "minimum": "30.00", "once": True, "public": True},
    "coupon": "WELCOME10",
}

TEA = goods(
    "tea", "3.00", title="Green Tea 20 bags", allergens=(), traces=(), ingredients="Green tea"
)


def promote(talk: Talk, *records: dict[str, Any]) -> None:
    with talk.shop.write() as work:
        work.promotions.load(PromotionRecord.model_validate(one) for one in records)


@pytest.fixture
def promoted(talk: Talk) -> Talk:
    stock_shelves(talk.shop, TEA)
    promote(talk, TWO_TEAS, OATS)
    return talk


def test_cards_and_lines_tell_what_is_on_offer(promoted: Talk) -> None:
    found = promoted.done("search_catalog", query="green tea")
    known = promoted.done("get_product", product="oats")
    sides = promoted.done("compare_products", products=["oats", "honey"])

    tea = next(one for one in block_of(found, ProductsBlock).products if one.id == "tea")
    assert (tea.promotion, tea.deal_price, tea.price) == ("2 for $5.00", None, "3.00")
    assert "offer: 2 for $5.00" in found.plain
    oats = block_of(known, ProductBlock).product.card
    assert (oats.promotion, oats.deal_price, oats.price) == ("10% off", "2.25", "2.50")
    assert "offer: 10% off, 2.25 for one" in known.plain
    honey = block_of(sides, ComparisonBlock).products[1]
    assert "promotion" not in honey.model_dump()
    [row] = [one for one in block_of(sides, ComparisonBlock).rows if one.attribute == "offer"]
    assert row.values == ["10% off", None]


def test_deals_are_suitable_in_stock_and_ordered_by_what_they_save(promoted: Talk) -> None:
    found = promoted.done("recommend_products", kind="deals")

    shown = block_of(found, ProductsBlock)
    assert [(one.id, one.reason) for one in shown.products] == [
        ("tea", "2 for $5.00, saves $1.00"),
        ("oats", "10% off, saves $0.25 each"),
    ]
    promoted.done("set_preferences", allergens=["gluten"])
    again = block_of(promoted.done("recommend_products", kind="deals"), ProductsBlock)
    assert [one.id for one in again.products] == ["tea"]


def test_a_deal_says_when_it_ends(talk: Talk) -> None:
    with talk.shop.read() as work:
        ends = work.clock.now() + timedelta(days=40)
    promote(talk, {**TWO_TEAS, "ends_at": ends})

    [card] = block_of(talk.done("recommend_products", kind="deals"), ProductsBlock).products
    assert card.reason is not None
    assert "until " in card.reason


def test_only_public_coupons_are_told(talk: Talk) -> None:
    promote(talk, WELCOME, {**OATS, "coupon": "SECRET"})

    found = talk.done("recommend_products", kind="deals")

    assert block_of(found, ProductsBlock).note == (
        "Nothing that suits you is on offer right now. "
        "With the code WELCOME10: 10% off one order. It counts from $30.00 of items on."
    )
    assert "SECRET" not in found.text


def test_an_offer_nearly_reached_is_told_once(promoted: Talk) -> None:
    hint = "One more Green Tea 20 bags makes it 2 for $5.00."
    first = promoted.done("add_to_cart", items=[{"product": "tea"}])
    other = promoted.done("add_to_cart", items=[{"product": "honey"}])
    second = promoted.done("update_cart", changes=[{"product": "tea", "quantity": "2"}])
    fewer = promoted.done("update_cart", changes=[{"product": "tea", "quantity": "1"}])

    assert block_of(first, CartBlock).hints == [hint]
    assert hint in first.plain
    for outcome in (other, second, fewer):
        assert "hints" not in block_of(outcome, CartBlock).model_dump()
