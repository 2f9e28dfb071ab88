"""The reader of ingredient lists knows what only sounds like an allergen."""

import pytest

from tests.knowledge.sample.ingredient_words import (
    allergens_named_in,
    names_animal_product,
    names_meat,
)


@pytest.mark.parametrize(
    ("ingredients", "allergens"),
    [
        ("Wheat flour, butter, eggs", {"gluten", "milk", "eggs"}),
        ("Buckwheat flour, nutmeg, eggplant, chestnuts", set()),
        ("Water, gluten free oats, salt", set()),
        ("Oat milk (water, oats)", {"gluten"}),
        ("Coconut milk, cocoa butter, shea butter", set()),
        ("Almond butter", {"nuts"}),
        ("Peanut butter", {"peanuts"}),
        ("Soy cream", {"soy"}),
        ("Miso, tahini, celeriac", {"soy", "sesame", "celery"}),
        ("Oyster mushrooms, butter beans, cream of tartar", set()),
        ("Shrimp, squid, cod", {"crustaceans", "molluscs", "fish"}),
        ("Potassium metabisulfite", {"sulphites"}),
        ("Lupin flour, mustard seeds", {"lupin", "mustard"}),
    ],
)
def test_reads_allergens_from_words(ingredients: str, allergens: set[str]) -> None:
    assert allergens_named_in(ingredients) == allergens


@pytest.mark.parametrize("ingredients", ["Sugar, gelatin", "Anchovies", "Milk, animal rennet"])
def test_finds_what_no_vegetarian_eats(ingredients: str) -> None:
    assert names_meat(ingredients)


@pytest.mark.parametrize("ingredients", ["Chickpeas, beef tomatoes", "Milk, microbial rennet"])
def test_takes_vegetarian_food_for_vegetarian(ingredients: str) -> None:
    assert not names_meat(ingredients)


@pytest.mark.parametrize("ingredients", ["Oats, honey", "Egg white", "Whey protein", "Pork"])
def test_finds_what_no_vegan_eats(ingredients: str) -> None:
    assert names_animal_product(ingredients)


def test_takes_plant_drinks_for_vegan() -> None:
    assert not names_animal_product("Oat drink (water, oats), cocoa butter, coconut cream")
