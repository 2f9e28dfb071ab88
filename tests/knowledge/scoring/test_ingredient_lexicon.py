import pytest

from knowledge.catalog.models import ALLERGENS
from knowledge.scoring.ingredient_lexicon import plural, read_ingredients
from tests.foods import sample_products


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Wheat flour, water", "gluten"),
        ("Water, oats (10%)", "oats"),
        ("Sugar, whey powder", "milk"),
        ("Peanut butter", "peanuts"),
        ("Almond butter", "nuts"),
        ("Soy milk", "soy"),
        ("Egg whites", "eggs"),
        ("Anchovies in oil", "fish"),
        ("Sheep's milk", "milk"),
        ("Gelatin (pork)", "pork"),
        ("Tartrazine, E120", "insect"),
        ("Cola, sweeteners (aspartame)", "sweetener"),
        ("Sauce with white wine", "alcohol"),
    ],
)
def test_names_what_a_list_plainly_contains(text: str, tag: str) -> None:
    assert tag in read_ingredients(text).contains


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Oat milk", "milk"),
        ("Coconut milk, cocoa butter, shea butter", "milk"),
        ("Peanut butter, almond butter", "milk"),
        ("Cream of tartar, milk thistle", "milk"),
        ("Vegan butter", "milk"),
        ("Buckwheat, maltodextrin", "gluten"),
        ("Gluten free oats", "oats"),
        ("Nutmeg, butternut squash, coconut, water chestnuts", "nuts"),
        ("Eggplant", "eggs"),
        ("Oyster mushrooms", "molluscs"),
        ("Red wine vinegar, ginger ale, cetyl alcohol", "alcohol"),
        ("Honeydew melon", "bee"),
        ("Microbial rennet, vegetable gelatin", "gelatin"),
        ("Lactic acid, lactase", "milk"),
        ("Beef tomatoes", "meat"),
        ("Chicken flavor", "meat"),
        ("Free from milk. Sugar", "milk"),
        ("Dairy-free, nut-free", "nuts"),
    ],
)
def test_is_not_misled_by_words_that_only_look_alike(text: str, tag: str) -> None:
    assert tag not in read_ingredients(text).contains


def test_keeps_warnings_apart_from_ingredients() -> None:
    found = read_ingredients("Sugar, cocoa mass. May contain traces of hazelnuts and milk.")

    assert found.contains == {}
    assert set(found.may_contain) == {"nuts", "milk"}


def test_a_food_next_to_a_negation_still_counts() -> None:
    assert "nuts" in read_ingredients("Gluten free, almonds").contains


@pytest.mark.parametrize(
    ("word", "more"),
    [("berry", "berries"), ("tomato", "tomatoes"), ("egg", "eggs"), ("box", "boxes")],
)
def test_makes_plurals(word: str, more: str) -> None:
    assert plural(word) == more


def test_reads_in_every_list_of_the_sample_what_its_maker_declared() -> None:
    for product in sample_products().values():
        if product.ingredients is None or product.allergens is None:
            continue
        found = set(read_ingredients(product.ingredients).contains)
        if "oats" in found and "gluten_free" not in product.diets:
            found.add("gluten")
        assert found & set(ALLERGENS) == set(product.allergens), product.title
