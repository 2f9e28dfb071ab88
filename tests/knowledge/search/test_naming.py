import pytest

from knowledge.search.naming import absent_terms, compound, kinds, naming
from knowledge.search.text import terms
from tests.knowledge.search.conftest import MakeProduct


@pytest.mark.parametrize(
    ("title", "shelf", "heads"),
    [
        ("Acme Oat Drink, Barista 1 l", "Plant drinks", {"drink"}),
        ("Red Wine Vinegar 500 ml", "Oils & vinegar", {"vinegar"}),
        ("Chicken Breast Fillets 500 g", "Poultry", {"fillet", "breast", "chicken"}),
        ("Dry Cat Food Salmon 2 kg", "Cat", {"cat food", "cat"}),
        ("Dish Soap Lemon 500 ml", "Dishes", {"soap", "dish"}),
        ("Sour Cream & Onion Potato Chips 200 g", "Chips & crackers", {"chip"}),
        ("Baby Wash & Shampoo 300 ml", "Care", {"wash", "shampoo"}),
        ("Protein Bar Cocoa & Almond, Vegan 55 g", "Protein bars", {"bar"}),
        ("Baking Soda 450 g", "Cakes", {"baking soda"}),
        ("Energy Drink Sugar Free 250 ml", "Sports", {"drink"}),
        ("Cola Zero Sugar 1.5 l", "Soft drinks", {"cola"}),
    ],
)
def test_the_noun_that_names_a_thing_is_found(
    make_product: MakeProduct, title: str, shelf: str, heads: set[str]
) -> None:
    product = make_product(title=title, brand="Acme", category=f"Shop > {shelf}")

    assert set(naming(product).heads) == heads


@pytest.mark.parametrize(
    ("title", "also"),
    [
        ("Whole Almonds 300 g", {("nut",)}),
        ("Almond Butter 250 g", set()),
        ("Almond Drink 1 l", set()),
        ("Vegan Cheddar Style Slices 200 g", {("cheese",)}),
        ("Breakfast Tea 50 g", {("black", "tea")}),
        ("Puppy Food Duck 2 kg", {("dog", "food")}),
    ],
)
def test_a_thing_has_the_names_of_its_kind(
    make_product: MakeProduct, title: str, also: set[tuple[str, ...]]
) -> None:
    assert set(naming(make_product(title=title)).also) == also


def test_imitations_and_forms_are_not_what_the_plain_word_asks_for(
    make_product: MakeProduct,
) -> None:
    assert naming(make_product(title="Chopped Tomatoes 400 g")).unusual
    assert naming(make_product(title="Cheddar", category="Plant-based > Cheese")).unusual
    assert not naming(make_product(title="Cherry Tomatoes 300 g")).unusual


def test_what_is_absent_is_told_apart() -> None:
    assert absent_terms(terms("Chocolate Chips, Nut Free")) == {"nut"}
    assert absent_terms(terms("non dairy milk")) == {"dairy"}
    assert absent_terms(terms("Dozen Free Range Eggs")) == set()


def test_two_words_that_are_one_name_are_told_as_one() -> None:
    assert compound(("vanilla", "ice", "cream"), "cream") == "ice cream"
    assert compound(("sour", "cream"), "cream") == "cream"


def test_the_table_is_in_terms() -> None:
    table = kinds()

    assert all(terms(name) == name.split() for name in (*table.also, *table.compounds))
