"""A recipe fitted to how many it is for, and to what must not be in it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from knowledge.recipes.adapting import DishRefused, Part, adapt
from knowledge.recipes.amounts import amount_text
from knowledge.recipes.matching import Limits, Matcher
from knowledge.recipes.models import Amount, Ingredient, Recipe
from tests.calls import Talk
from tests.kitchen import open_kitchen
from tests.market import goods, stock_shelves


@pytest.fixture
def matcher(talk: Talk) -> Iterator[Matcher]:
    open_kitchen(talk.shop)
    with talk.shop.read() as work:
        yield Matcher(talk.shop.search, work.catalog)


def dish(*ingredients: Ingredient, **facts: Any) -> Recipe:
    return Recipe("dish", "The dish", 2, ingredients, **facts)


def one(matcher: Matcher, ingredient: Ingredient, limits: Limits, servings: int = 2) -> Part:
    (part,) = adapt(dish(ingredient), servings, limits, matcher)
    return part


def test_eggs_stay_whole_and_a_garnish_grows_slowly(matcher: Matcher) -> None:
    eggs = Ingredient("eggs", "eggs", Amount(Decimal(1), "piece"))
    herbs = Ingredient("chives", "chives", Amount(Decimal(1), "bunch"), optional=True)

    assert amount_text(one(matcher, eggs, Limits(), 1).amount) == "1"
    assert amount_text(one(matcher, eggs, Limits(), 5).amount) == "3"
    assert amount_text(one(matcher, herbs, Limits(), 8).amount) == "2 bunches"


def test_a_staple_that_does_not_suit_is_replaced_in_the_pantry(matcher: Matcher) -> None:
    cream = Ingredient("cream", "sour cream", staple=True, replace={"vegan": "kidney beans"})

    part = one(matcher, cream, Limits(diets=("vegan",)))

    assert (part.name, part.instead_of, part.pantry) == ("kidney beans", "cream", True)
    assert part.candidates == ()


def test_a_staple_the_shop_does_not_sell_is_still_in_the_pantry(matcher: Matcher) -> None:
    assert one(matcher, Ingredient("nutmeg", "nutmeg", staple=True), Limits()).pantry


def test_what_all_products_contain_is_missing_not_the_end_of_the_dish(talk: Talk) -> None:
    open_kitchen(talk.shop)
    broth = goods("broth", title="Vegetable Broth 1 l", ingredients="Water, onion", stock=9)
    stock_shelves(talk.shop, broth)
    talk.shop.search.refresh()
    with talk.shop.read() as work:
        matcher = Matcher(talk.shop.search, work.catalog)

        part = one(matcher, Ingredient("broth", "vegetable broth"), Limits(words=("onions",)))

    assert part.missing == "all here contain onions"


def test_a_replacement_must_not_be_unwanted_either(matcher: Matcher) -> None:
    beef = Ingredient("beef", "beef mince", replace={"any": "soy mince"})

    assert one(matcher, beef, Limits(words=("beef",))).instead_of == "beef"
    with pytest.raises(DishRefused, match="another dish without beef: no beef wanted"):
        one(matcher, beef, Limits(words=("beef", "soy")))


def test_nothing_is_the_heart_of_an_occasion(matcher: Matcher) -> None:
    peanuts = Ingredient("peanuts", "roasted peanuts")

    (part,) = adapt(dish(peanuts, kind="occasion"), 2, Limits(allergens=("peanuts",)), matcher)

    assert part.left_out == "none here is known to be free of peanuts"
