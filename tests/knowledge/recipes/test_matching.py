"""The products that are what a cook asks for, and those that only sound like it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from knowledge.recipes.matching import Limits, Matcher, is_right_kind, named_in, read_asked
from knowledge.shop import Shop
from tests.calls import Talk
from tests.kitchen import open_kitchen
from tests.market import goods, stock_shelves

SHELVES = {
    "Tomato Pasta Sauce 400 g": ("Pantry", "Sauces"),
    "Spaghetti 500 g": ("Pantry", "Pasta"),
    "Peanut Butter 400 g": ("Pantry", "Spreads"),
    "Unsalted Butter 250 g": ("Dairy", "Butter"),
    "Cat Food Chicken 156 g": ("Pet", "Cat"),
    "Chicken Breast Fillets 500 g": ("Meat", "Poultry"),
    "Plant Chicken Pieces 250 g": ("Plant-based", "Mince"),
    "Organic Banana Pouch 100 g": ("Baby", "Baby food"),
    "Tomato Ketchup 570 g": ("Pantry", "Sauces"),
    "Burger Buns 4 x 70 g": ("Bakery", "Rolls"),
    "Bagels Plain 5 x 90 g": ("Bakery", "Rolls"),
    "Oat Milk Chocolate Flavor 500 ml": ("Drinks", "Plant drinks"),
    "Toilet Paper 3-Ply 9 rolls": ("Household", "Paper"),
}


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("pasta", ["Spaghetti 500 g"]),
        ("tomato pasta sauce", ["Tomato Pasta Sauce 400 g"]),
        ("butter", ["Unsalted Butter 250 g"]),
        ("peanut butter", ["Peanut Butter 400 g"]),
        ("chicken", ["Chicken Breast Fillets 500 g"]),
        ("bananas", []),
        ("tomatoes", []),
        ("burgers", []),
        ("burger buns", ["Burger Buns 4 x 70 g"]),
        ("bagels", ["Bagels Plain 5 x 90 g"]),
        ("chocolate", []),
        ("toilet paper", ["Toilet Paper 3-Ply 9 rolls"]),
        ("kidney beans can", []),
    ],
)
def test_what_only_sounds_like_it_is_not_it(query: str, right: list[str]) -> None:
    asked = read_asked(query)

    found = [
        title
        for title, shelf in SHELVES.items()
        if is_right_kind(asked, goods("p", title=title, category=shelf, size=title[-5:]))
    ]

    assert found == right


def test_words_are_found_in_singular_and_plural() -> None:
    soup = goods("p", title="Soup", ingredients="Water, onion powder, salt")

    assert named_in(soup, "onions")
    assert not named_in(soup, "garlic")


@pytest.fixture
def kitchen(talk: Talk) -> Shop:
    open_kitchen(talk.shop)
    return talk.shop


@contextmanager
def matching(shop: Shop) -> Iterator[Matcher]:
    with shop.read() as work:
        yield Matcher(shop.search, work.catalog)


def test_candidates_keep_every_limit(kitchen: Shop) -> None:
    with matching(kitchen) as matcher:

        def found(query: str, limits: Limits) -> list[str]:
            return sorted(one.product.id for one in matcher.find(query, limits))

        assert found("muesli bars", Limits()) == ["bars", "plain-bars"]
        assert found("muesli bars", Limits(allergens=("nuts",))) == ["plain-bars"]
        assert found("beef mince", Limits()) == ["beef", "lean-beef"]
        assert found("beef mince", Limits(diets=("vegan",))) == []
        assert found("kidney beans", Limits(diets=("vegan",), words=("beans",))) == []


def test_what_is_not_known_to_be_safe_is_no_candidate(kitchen: Shop) -> None:
    stock_shelves(kitchen, goods("mystery", title="Mystery Crackers", category=("Snacks",)))
    kitchen.search.refresh()

    with matching(kitchen) as matcher:
        assert matcher.find("mystery crackers", Limits())
        assert not matcher.find("mystery crackers", Limits(allergens=("nuts",)))


def test_a_reason_tells_sold_out_from_never_sold(kitchen: Shop) -> None:
    stock_shelves(kitchen, goods("brie", title="Brie 200 g", category=("Cheese",), stock=0))
    kitchen.search.refresh()

    with matching(kitchen) as matcher:
        assert matcher.why_none("brie") == "sold out"
        assert matcher.why_none("unicorn") == "not sold here"


def test_near_things_are_told_apart_from_the_thing_itself(kitchen: Shop) -> None:
    with matching(kitchen) as matcher:
        (onions,) = matcher.find("red onions", Limits())

        assert (onions.product.id, onions.exact) == ("onions", False)
        assert matcher.find("white beans", Limits()) == []
