import json

import pytest

from knowledge.scoring.food_kind import is_food, is_plain_plant
from tests.foods import HARDWARE, food, nutrition


@pytest.mark.parametrize(
    "category",
    [
        ("Fruit & vegetables", "Fruit"),
        ("Baby & kids", "Baby food"),
        ("Gourmet", "Luxury Chocolates, Gifts"),
        ("Bakery", "Birthday & Party Cakes"),
        ("Sports nutrition",),
        ("Drinks", "Plant drinks"),
        ("Lebensmittel",),
    ],
)
def test_recognises_food_by_its_shelf(category: tuple[str, ...]) -> None:
    assert is_food(food("Something", category=category))


@pytest.mark.parametrize(
    "category",
    [
        ("Household & cleaning", "Dishes"),
        ("Pet", "Cat food"),
        ("Health & beauty", "Body butter"),
        ("Automotive", "Motor oils"),
        ("Kitchen", "Water bottles"),
        ("Bath", "Bathing Bars & Soaps"),
        ("Garden", "Flower bouquets"),
        (),
        ("Odds", "Ends"),
    ],
)
def test_other_goods_are_no_food(category: tuple[str, ...]) -> None:
    assert not is_food(food("Something", category=category))


def test_facts_about_food_make_a_food_of_any_shelf() -> None:
    assert is_food(food("Bar", category=("New",), nutrition=nutrition()))
    assert is_food(food("Bar", category=("New",), allergens=()))


def test_pet_food_is_never_food_for_people() -> None:
    assert not is_food(food("Treats", category=("Pet", "Dog"), nutrition=nutrition()))


def test_nothing_of_a_hardware_shop_is_food() -> None:
    for line in HARDWARE.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        path = tuple(part.strip() for part in record["category"].split(">"))
        assert not is_food(food(record["title"], category=path)), record["title"]


@pytest.mark.parametrize(
    "title", ["Bananas, loose", "Organic Gala Apples 1 kg", "Baby Spinach 200 g"]
)
def test_recognises_a_plain_plant_by_its_name(title: str) -> None:
    assert is_plain_plant(food(title, category=("Produce",)))


@pytest.mark.parametrize("title", ["Banana Bread", "Apple & Walnut Salad", "Fruit Yogurt", "500 g"])
def test_nothing_mixed_is_a_plain_plant(title: str) -> None:
    assert not is_plain_plant(food(title, category=("Produce",)))


def test_one_plain_ingredient_makes_a_plain_plant() -> None:
    assert is_plain_plant(food("Rice", ingredients="Organic brown rice"))
    assert not is_plain_plant(food("Rice", ingredients="Brown rice, salt"))
