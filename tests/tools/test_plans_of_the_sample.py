"""Plans in the sample shop, read as a cook and a host would."""

from decimal import Decimal

import pytest

from knowledge.catalog.models import Product
from knowledge.orders.decisions import carry_out
from knowledge.recipes.matching import named_in
from knowledge.scoring.allergens import check_allergen
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.calls import Talk, block_of
from tools.blocks import ChoicesBlock, ConfirmationBlock, PlanBlock
from tools.runner import Outcome

LIST = (
    ("milk", "2"), ("eggs", "a dozen"), ("bananas", "6"), ("sandwich bread", "1"),
    ("butter", "250 g"), ("ground beef", "500 g"), ("onions", "3"), ("pasta", "2"),
    ("tomato sauce", "1"), ("toilet paper", "1"), ("apples", "1 kg"), ("ground coffee", "500 g"),
    ("cheddar", "1"), ("orange juice", "2 l"), ("dish soap", "1"),
)  # fmt: skip


@pytest.fixture
def sample_talk(shop: Shop, shopper: Shopper) -> Talk:
    return Talk(shop, shopper)


def planned(talk: Talk, outcome: Outcome) -> list[Product]:
    ids = [card.id for card in block_of(outcome, PlanBlock).products]
    with talk.shop.read() as work:
        return list(work.catalog.get_many(ids).values())


def test_chili_for_four_under_fifteen_dollars_without_onions(sample_talk: Talk) -> None:
    outcome = sample_talk.done(
        "plan_recipe", recipe="chili", servings=4, budget="15", exclude=["onions"]
    )

    products = planned(sample_talk, outcome)
    titles = " / ".join(one.title.lower() for one in products)
    total = block_of(outcome, PlanBlock).total
    assert all(word in titles for word in ("beef", "kidney beans", "chopped tomatoes"))
    assert not [one.title for one in products if named_in(one, "onion")]
    assert Decimal(total) <= 15
    with sample_talk.shop.write() as work:
        asked = block_of(outcome, ConfirmationBlock).confirmation
        carry_out(work, work.confirmations.get(asked.id), "yes", "web")
        quote = work.pricing.quote(work.carts.get(sample_talk.caller.cart_id))
    assert str(quote.total) == total
    assert all(line.line.quantity <= 2 for line in quote.lines)


def test_party_snacks_for_twelve_with_a_nut_allergy(sample_talk: Talk) -> None:
    outcome = sample_talk.done(
        "plan_recipe", recipe="party snacks", servings=12, budget="50", exclude=["nuts"]
    )

    products = planned(sample_talk, outcome)
    unsafe = [
        one.title
        for one in products
        for allergen in ("nuts", "peanuts")
        if check_allergen(one, allergen).verdict != "yes"
    ]
    assert unsafe == []
    assert len(products) >= 6
    assert Decimal(block_of(outcome, PlanBlock).total) <= 50


def test_a_list_of_fifteen_lines_is_a_full_basket_with_one_question_at_most(
    sample_talk: Talk,
) -> None:
    items = [{"query": query, "quantity": quantity} for query, quantity in LIST]

    outcome = sample_talk.done("plan_basket", items=items)

    plan = block_of(outcome, PlanBlock)
    assert plan.missing == []
    assert len(plan.products) == len(LIST)
    assert len([one for one in outcome.blocks if isinstance(one, ChoicesBlock)]) <= 1
    assert len(outcome.text) < 1500 * 4
    assert all(Decimal(quantity) <= 3 for quantity in plan.quantities)
