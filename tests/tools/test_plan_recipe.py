"""plan_recipe on a small kitchen: what is bought, replaced, left out, and what the yes does."""

from decimal import Decimal

import pytest

from knowledge.orders.confirmations import Answered
from knowledge.orders.decisions import Decision, carry_out
from tests.calls import Talk, block_of
from tests.kitchen import KITCHEN, open_kitchen
from tests.market import goods, stock_shelves
from tools.blocks import ChoicesBlock, ConfirmationBlock, NoticeBlock, PlanBlock, RecipeBlock
from tools.runner import Outcome


@pytest.fixture
def kitchen(talk: Talk) -> Talk:
    open_kitchen(talk.shop)
    return talk


def bought(outcome: Outcome) -> dict[str, str]:
    plan = block_of(outcome, PlanBlock)
    return {
        card.id: quantity for card, quantity in zip(plan.products, plan.quantities, strict=True)
    }


def answer(talk: Talk, outcome: Outcome, said: Answered = "yes") -> Decision:
    asked = block_of(outcome, ConfirmationBlock).confirmation
    with talk.shop.write() as work:
        return carry_out(work, work.confirmations.get(asked.id), said, "web")


def cart_of(talk: Talk) -> tuple[dict[str, str], str]:
    with talk.shop.read() as work:
        quote = work.pricing.quote(work.carts.get(talk.caller.cart_id))
    lines = {line.product.id: f"{line.line.quantity.normalize():f}" for line in quote.lines}
    return lines, str(quote.total)


def test_a_dish_becomes_packs_a_recipe_and_one_question(kitchen: Talk) -> None:
    outcome = kitchen.done("plan_recipe", recipe="chili")

    plan, dish = block_of(outcome, PlanBlock), block_of(outcome, RecipeBlock)
    assert bought(outcome) == {"beef": "1", "onions": "1", "beans": "1", "sour-cream": "1"}
    assert [card.position for card in plan.products] == [1, 2, 3, 4]
    assert plan.products[0].reason == "for 500 g ground beef"
    assert plan.total == "11.00"
    assert "From your pantry, not added: salt." in (plan.note or "")
    assert (dish.title, dish.servings, dish.minutes) == ("Chili con carne", 4, 50)
    assert {fact.name: fact.value for fact in dish.ingredients}["salt"] == (
        "1 tsp, from your pantry"
    )
    assert cart_of(kitchen) == ({}, "0.00")


def test_the_yes_fills_the_cart_with_the_total_that_was_shown(kitchen: Talk) -> None:
    outcome = kitchen.done("plan_recipe", recipe="chili", servings=8)

    decision = answer(kitchen, outcome)

    lines, total = cart_of(kitchen)
    assert lines == bought(outcome)
    assert total == block_of(outcome, PlanBlock).total
    assert "Added 2 x Beef Mince 500 g" in decision.text


def test_a_no_leaves_the_cart_as_it_is(kitchen: Talk) -> None:
    outcome = kitchen.done("plan_recipe", recipe="chili")

    answer(kitchen, outcome, "no")

    assert cart_of(kitchen) == ({}, "0.00")


def test_a_budget_first_drops_what_is_optional(kitchen: Talk) -> None:
    outcome = kitchen.done(
        "plan_recipe", recipe="chili", servings=4, budget="10", exclude=["onions"]
    )

    plan = block_of(outcome, PlanBlock)
    assert bought(outcome) == {"beef": "1", "beans": "1", "sour-cream": "1"}
    assert Decimal(plan.total) <= 10
    assert "Left out onions: no onions wanted." in (plan.note or "")
    tight = kitchen.done("plan_recipe", recipe="chili", budget="9", exclude=["onions"])
    assert "sour-cream" not in bought(tight)
    assert "left out: sour cream" in (block_of(tight, PlanBlock).note or "")


def test_a_budget_that_cannot_be_met_is_said_with_what_it_would_take(kitchen: Talk) -> None:
    outcome = kitchen.done("plan_recipe", recipe="chili", budget="5")

    note = block_of(outcome, PlanBlock).note or ""
    assert "Not to be had for $5.00: the cheapest comes to $8.50, $3.50 more." in note
    assert note in outcome.text.replace("\n", " ")


def test_what_a_budget_leaves_limits_the_plan_too(kitchen: Talk) -> None:
    kitchen.done("set_budget", amount="9", period="week", rule="refuse")

    outcome = kitchen.done("plan_recipe", recipe="chili")

    assert block_of(outcome, PlanBlock).total == "8.50"
    assert answer(kitchen, outcome).outcome == "done"


def test_a_diet_replaces_what_does_not_suit(kitchen: Talk) -> None:
    outcome = kitchen.done("plan_recipe", recipe="vegan chili")

    note = block_of(outcome, PlanBlock).note or ""
    assert bought(outcome) == {"soy-mince": "2", "onions": "1", "beans": "1"}
    assert "Soy mince instead of ground beef." in note
    assert "Left out sour cream: none here is known to be vegan." in note
    assert "Every product is known to be vegan." in note


def test_the_heart_of_a_dish_is_not_left_out(kitchen: Talk) -> None:
    outcome = kitchen.done("plan_recipe", recipe="chili", exclude=["kidney beans"])

    assert not [one for one in outcome.blocks if isinstance(one, ConfirmationBlock)]
    assert "another dish without kidney beans" in block_of(outcome, NoticeBlock).text
    options = block_of(outcome, ChoicesBlock).options
    assert [one.value for one in options] == ["Spaghetti with tomato sauce"]


def test_an_age_limit_is_told_and_not_bought(kitchen: Talk) -> None:
    outcome = kitchen.done("plan_recipe", recipe="pasta")

    assert bought(outcome) == {"spaghetti": "1", "sauce": "1"}
    assert "Red wine is not in it: sold from age 21" in (block_of(outcome, PlanBlock).note or "")


def test_party_snacks_hold_no_nuts_nor_traces(kitchen: Talk) -> None:
    outcome = kitchen.done(
        "plan_recipe", recipe="party snacks", servings=12, budget="50", exclude=["nuts"]
    )

    assert bought(outcome) == {"chips": "4", "plain-bars": "2", "onions": "4"}
    assert "Left out peanuts" in (block_of(outcome, PlanBlock).note or "")


def test_a_saved_allergy_holds_without_being_said(kitchen: Talk) -> None:
    kitchen.done("set_preferences", allergens=["nuts"])

    assert "peanuts" not in bought(kitchen.done("plan_recipe", recipe="party food"))


def test_staples_are_bought_when_they_are_asked_for(kitchen: Talk) -> None:
    assert "salt" in bought(kitchen.done("plan_recipe", recipe="chili", staples=True))


def test_what_is_sold_out_is_missing_with_its_reason(kitchen: Talk) -> None:
    stock_shelves(
        kitchen.shop,
        goods("beans", "1.00", title="Kidney Beans 400 g", category=("Pantry", "Canned"), stock=0),
    )
    kitchen.shop.search.refresh()

    outcome = kitchen.done("plan_recipe", recipe="chili")

    assert block_of(outcome, PlanBlock).missing == ["400 g kidney beans: sold out"]
    assert "beans" not in bought(outcome)


def test_an_unknown_dish_is_answered_with_those_there_are(kitchen: Talk) -> None:
    outcome = kitchen.done("plan_recipe", recipe="beef wellington")

    assert "no recipe for 'beef wellington'" in outcome.text
    assert block_of(outcome, ChoicesBlock).options


def test_a_shop_that_sells_none_of_it_says_so(talk: Talk) -> None:
    open_kitchen(talk.shop)
    with talk.shop.write() as work:
        work.catalog.delist([one.id for one in KITCHEN])
    talk.shop.search.refresh()

    outcome = talk.done("plan_recipe", recipe="chili")

    assert "can be bought here now" in outcome.text
    assert not [one for one in outcome.blocks if isinstance(one, ConfirmationBlock)]
