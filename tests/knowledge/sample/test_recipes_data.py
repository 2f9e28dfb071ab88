"""Recipes and occasions of the sample shop are complete, and the diets they claim are true."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Literal

import pytest
import yaml
from pydantic import Field

from tests.knowledge.sample.ingredient_words import names_animal_product, names_meat
from tests.knowledge.sample.shop_files import SAMPLE, SHOPS, Closed, Diet, read_products

Unit = Literal[
    "g",
    "kg",
    "ml",
    "l",
    "piece",
    "tbsp",
    "tsp",
    "cup",
    "clove",
    "can",
    "slice",
    "bunch",
    "pinch",
]
MEAT = r"meat|pesto|curry paste|mince|ham|sausages?|steaks?|gelatin|gummies"
MEAT += r"|worcestershire|parmesan|gruyere"
DAIRY = r"milk|butter|cream|yogurt|cheese|cheddar|gouda|brie|halloumi|gruyere|croissants?|muffins?"
DAIRY += r"|shortbread|feta|ricotta|mozzarella|parmesan|pizza|pesto"
EGGS = r"egg noodles|muffins?|tagliatelle"
GLUTEN = r"spaghetti|penne|fusilli|macaroni|pasta|noodles|lasagne|flour|bread|breadcrumbs|buns?"
GLUTEN += r"|bagels?|baguette|croissants?|pita|soy sauce|couscous|bulgur|wheat|oats?|lager|beer"
GLUTEN += r"|crackers|pretzels|muffins?|shortbread|pizza|sausages?|flour tortillas|worcestershire"
NUTS = r"nuts?|walnuts?|almonds?|cashews?|peanuts?|hazelnuts?|pecans?|pistachios?|trail mix"
NUTS += r"|pesto|chocolate|muffins"
PLANT_MADE = r"vegan|plant|lentil|soy|oat|almond|coconut|peanut|tahini"
SUGAR = r"sugar|honey|syrup|jam|chocolate|raisins|juice|cola|lemonade"
STARCH = r"rice|potato(?:es)?|sweet corn|beans|lentils|chickpeas|bananas?|quinoa|corn ?starch"
FREE_OF_GLUTEN = r"gluten free.*|.*gluten free|rice (?:noodles|vinegar)|corn tortillas"
FREE_OF_GLUTEN += r"|seeded crackers|tortilla chips|tomato pasta sauce"


class Ingredient(Closed):
    name: str = Field(min_length=2)
    amount: Decimal = Field(gt=0)
    unit: Unit
    query: str = Field(min_length=3)
    category: str | None = None
    note: str | None = None
    staple: bool = False
    optional: bool = False
    without: Literal["ok"] | None = None
    replace: dict[Diet | Literal["nuts"], str] = Field(default_factory=dict)

    @property
    def words(self) -> str:
        """What it is called by a cook and by a shop."""
        return f"{self.name}, {self.query}"


class Recipe(Closed):
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str
    kind: Literal["recipe", "occasion"]
    servings: int = Field(ge=1, le=12)
    minutes: int = Field(ge=5, le=240)
    diets: list[Diet]
    tags: list[str] = Field(min_length=1)
    aliases: list[str] = Field(min_length=1)
    ingredients: list[Ingredient] = Field(min_length=4)
    steps: list[str] = Field(min_length=3, max_length=8)

    @property
    def names(self) -> set[str]:
        """Everything a shopper may call it."""
        return {self.title.casefold(), *(alias.casefold() for alias in self.aliases)}


@cache
def recipes() -> list[Recipe]:
    text = (SAMPLE / "recipes.yaml").read_text()
    return [Recipe.model_validate(entry) for entry in yaml.load(text, yaml.CSafeLoader)]


def _holds(words: str, text: str) -> bool:
    return re.search(rf"\b(?:{words})\b", text.casefold()) is not None


def _meat(text: str) -> bool:
    return not _holds(PLANT_MADE, text) and (names_meat(text) or _holds(MEAT, text))


def _milk(text: str) -> bool:
    return not _holds(PLANT_MADE, text) and _holds(DAIRY, text)


def _animal(text: str) -> bool:
    if _holds(PLANT_MADE, text):
        return False
    return _meat(text) or _milk(text) or names_animal_product(text) or _holds(EGGS, text)


def _gluten(text: str) -> bool:
    return _holds(GLUTEN, re.sub(FREE_OF_GLUTEN, "", text.casefold()))


def _nuts(text: str) -> bool:
    return not _holds("vegan pesto|nut free", text) and _holds(NUTS, text)


BREAKS: dict[str, Callable[[str], bool]] = {
    "vegan": _animal,
    "vegetarian": _meat,
    "lactose_free": lambda text: "lactose free" not in text and _milk(text),
    "gluten_free": _gluten,
    "nut_free": _nuts,
    "nuts": _nuts,
    "low_sugar": lambda text: _holds(SUGAR, text),
    "keto": lambda text: _holds(f"{SUGAR}|{STARCH}", text) or _gluten(text),
}


def test_recipes_are_many_and_so_are_occasions() -> None:
    kinds = [recipe.kind for recipe in recipes()]

    assert kinds.count("recipe") >= 60
    assert kinds.count("occasion") >= 8


def test_recipes_have_ids_and_names_of_their_own() -> None:
    ids = [recipe.id for recipe in recipes()]
    names = [name for recipe in recipes() for name in recipe.names]

    assert len(ids) == len(set(ids))
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_recipes_need_something_from_the_shop() -> None:
    for recipe in recipes():
        assert any(not (item.staple or item.optional) for item in recipe.ingredients), recipe.id


def test_recipes_name_every_ingredient_once() -> None:
    for recipe in recipes():
        names = [item.name for item in recipe.ingredients]
        assert len(names) == len(set(names)), recipe.id


def test_recipes_tell_their_steps_in_short_sentences() -> None:
    for recipe in recipes():
        fewest = 3 if recipe.kind == "occasion" or recipe.minutes <= 20 else 4
        assert len(recipe.steps) >= fewest, recipe.id
        for step in recipe.steps:
            assert step[0].isupper(), step
            assert step.endswith("."), step
            assert 10 <= len(step) <= 160, step


def test_recipes_name_departments_the_shop_has() -> None:
    departments = {product.department for product in read_products(SHOPS["groceries"])}
    named = {item.category for recipe in recipes() for item in recipe.ingredients}

    assert named - {None} <= departments


@pytest.mark.parametrize("diet", sorted(BREAKS.keys() - {"nuts"}))
def test_recipes_keep_the_diets_they_claim(diet: str) -> None:
    claiming = [recipe for recipe in recipes() if diet in recipe.diets]
    broken = [
        (recipe.id, item.name)
        for recipe in claiming
        for item in recipe.ingredients
        if BREAKS[diet](item.words)
    ]

    assert broken == []
    assert len(claiming) >= 5


def test_recipes_for_vegans_suit_vegetarians_and_hold_no_milk() -> None:
    for recipe in recipes():
        if "vegan" in recipe.diets:
            assert {"vegetarian", "lactose_free"} <= set(recipe.diets), recipe.id


def test_recipes_replace_an_ingredient_only_by_what_the_diet_allows() -> None:
    broken = [
        (recipe.id, item.name, diet, query)
        for recipe in recipes()
        for item in recipe.ingredients
        for diet, query in item.replace.items()
        if BREAKS[diet](query) or not BREAKS[diet](item.words)
    ]

    assert broken == []


def test_occasions_offer_several_tables_without_nuts() -> None:
    tables = [recipe for recipe in recipes() if recipe.kind == "occasion"]

    assert sum("nut_free" in table.diets for table in tables) >= 5
    assert any(table.title == "Party snacks" and "nut_free" in table.diets for table in tables)


@pytest.mark.parametrize(
    "name",
    ["chili", "spag bol", "lasagna", "curry", "tacos", "pancakes", "party food", "bbq", "picnic"],
)
def test_recipes_are_known_by_the_words_shoppers_type(name: str) -> None:
    assert [recipe.id for recipe in recipes() if name in recipe.names] != []
