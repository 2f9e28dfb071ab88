from dataclasses import replace
from decimal import Decimal

import pytest

from knowledge.recommend.product_kind import kind_of, likeness, same_size_class, singular
from tests.foods import food, titled


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gluten Free Spaghetti", "Red Lentil Fusilli"),
        ("Oat Drink Original 1 l", "Organic Oat Drink"),
        ("Whole Milk 1 l", "Soy Drink Unsweetened"),
        ("Beef Mince, 20%", "Podling Lentil Mince"),
        ("Bananas, loose", "Organic Bananas, loose"),
        ("Everyday Shampoo", "Repair Shampoo"),
        ("Laundry Detergent Liquid", "Eco Laundry Detergent"),
        ("Butter, Unsalted", "Vegan Butter"),
    ],
)
def test_knows_what_takes_the_place_of_what(one: str, other: str) -> None:
    assert likeness(kind_of(titled(one)), kind_of(titled(other))) >= 0.3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bananas, loose", "Gala Apples"),
        ("Sirloin Steak", "Beef Mince, 20%"),
        ("Pesto Genovese", "Tomato Ketchup"),
        ("Peanut Butter, Smooth", "Butter, Unsalted"),
        ("Chickpeas 400", "Tuna in Water"),
        ("Ground Coffee, Classic", "Decaf Ground Coffee"),
        ("Pale Lager", "Alcohol Free Lager"),
        ("Toilet Paper 3-Ply", "Paper Towels"),
        ("Carrots 1 kg", "Bath"),
        ("Bananas, loose", "Banana & Oat Pouch"),
    ],
)
def test_leaves_apart_what_only_sounds_alike(one: str, other: str) -> None:
    second = food(other) if other == "Bath" else titled(other)

    assert likeness(kind_of(titled(one)), kind_of(second)) == 0


def test_nothing_is_liker_than_the_thing_itself() -> None:
    milk = kind_of(titled("Whole Milk 1 l"))

    assert likeness(milk, milk) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("400 g", "250 g"),
        ("400 g", "800 g"),
        ("1 l", "1 kg"),
        ("6 pieces", "12 pieces"),
        (None, None),
    ],
)
def test_sizes_are_alike_from_half_to_double(one: str | None, other: str | None) -> None:
    assert same_size_class(food(size=one), food(size=other))


@pytest.mark.parametrize(
    ("one", "other"), [("400 g", "199 g"), ("6 pieces", "500 g"), (None, "500 g")]
)
def test_other_sizes_are_not_alike(one: str | None, other: str | None) -> None:
    assert not same_size_class(food(size=one), food(size=other))


def test_loose_goods_are_not_swapped_for_packs() -> None:
    loose = food(sell_by="weight", unit="kg", step=Decimal("0.1"))

    assert not same_size_class(loose, food(size="1 kg"))


def test_a_shoe_of_another_size_is_no_substitute() -> None:
    small, large = (food("Glove", options={"size": size}) for size in ("M", "L"))

    assert not same_size_class(small, large)


def test_how_much_a_pack_holds_is_no_shoe_size() -> None:
    one = food(size="1 l", options={"size": "1 l"})

    assert same_size_class(one, replace(one, size="2 l", options={"size": "2 l"}))


@pytest.mark.parametrize(
    ("words", "one"),
    [
        ("berries", "berry"),
        ("tomatoes", "tomato"),
        ("glass", "glass"),
        ("eggs", "egg"),
        ("pies", "pie"),
    ],
)
def test_singular(words: str, one: str) -> None:
    assert singular(words) == one
