from decimal import Decimal

import pytest

from knowledge.scoring.carbon import carbon, carbon_grade, kg_per_kg
from tests.foods import food, sample_products, titled

NOT_EATEN = {
    "Garden & flowers",
    "Health & beauty",
    "Home & kitchen",
    "Household & cleaning",
    "Pet",
    "Stationery & school",
}


def test_the_makers_own_figure_comes_first() -> None:
    estimate = carbon(food("Beef mince", carbon_kg_per_kg=Decimal("33.5"), size="500 g"))

    assert (estimate.kg_per_kg, estimate.kg_per_item) == (Decimal("33.5"), Decimal("16.75"))
    assert estimate.quality == "measured"
    assert "below the usual 47.1 kg of beef" in estimate.drivers


def test_the_kind_of_food_stands_in_with_sources_and_a_range() -> None:
    estimate = carbon(food("Basmati Rice", size="1 kg", category=("Pantry", "Rice")))

    assert estimate.kind == "rice"
    assert estimate.quality == "category"
    assert estimate.source == "Poore & Nemecek 2018, Clark et al. 2022, Agribalyse 3.0.1"
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.low < (estimate.kg_per_kg or 0) < estimate.high


def test_a_shelf_alone_is_a_guess() -> None:
    estimate = carbon(food("Grandma's Choice", category=("Dairy", "Cheese")))

    assert (estimate.kind, estimate.quality) == ("hard cheese", "guess")


@pytest.mark.parametrize(
    "product",
    [food("Laundry Detergent", category=("Household",)), food("Zorb", category=("Snacks",))],
)
def test_what_no_source_covers_has_no_figure(product: object) -> None:
    estimate = carbon(product)  # type: ignore[arg-type]

    assert estimate.kg_per_kg is None
    assert (estimate.grade, estimate.source, estimate.quality) == (None, None, "unknown")


def test_a_weight_nobody_knows_leaves_only_the_figure_per_kilogram() -> None:
    estimate = carbon(food("Tofu", category=("Tofu",)))

    assert estimate.kg_per_kg is not None
    assert estimate.kg_per_item is None


@pytest.mark.parametrize(
    ("title", "category", "kind"),
    [
        ("Oat Milk Chocolate", ("Sweets", "Chocolate"), "dark chocolate"),
        ("Oat Milk Chocolate Flavor 500 ml", ("Drinks",), "oat drink"),
        ("Peanut Butter Smooth", ("Spreads",), "peanut butter and peanuts"),
        ("Creamy Mushroom Pasta Sauce", ("Sauces",), "tomato sauce"),
        ("Chicken Nuggets", ("Frozen",), "poultry products"),
        ("Butter Croissants", ("Bakery",), "croissants"),
        ("Tuna in Water", ("Pantry",), "tuna"),
        ("Chickpea Penne", ("Pantry", "Pasta"), "lentil and chickpea pasta"),
        ("Ham & Cheese Toastie", ("Sandwiches & salads",), "sandwiches"),
    ],
)
def test_tells_kinds_apart_by_the_most_telling_words(
    title: str, category: tuple[str, ...], kind: str
) -> None:
    size = "500 ml" if "ml" in title else "100 g"

    assert carbon(food(title, category=category, size=size)).kind == kind


def test_a_brewed_coffee_is_not_a_kilogram_of_beans() -> None:
    beans = carbon(food("Espresso Beans", size="500 g", category=("Coffee",)))
    cup = carbon(food("Double Espresso", size="60 ml", category=("Coffee",)))

    assert (beans.kind, cup.kind) == ("coffee", "brewed coffee")


def test_no_animal_food_stands_in_for_a_vegan_one() -> None:
    product = food("Cheddar Style Slices", diets=("vegan",), category=("Cheese alternatives",))

    assert carbon(product).kind == "plant cheese"


@pytest.mark.parametrize(
    ("kg", "grade"),
    [("0.9", "A"), ("0.91", "B"), ("1.9", "B"), ("4.2", "C"), ("7.5", "D"), ("8", "E")],
)
def test_grades_end_at_the_stated_limits(kg: str, grade: str) -> None:
    assert carbon_grade(Decimal(kg)) == grade


def test_every_food_of_the_sample_has_a_figure_and_no_other_good_has() -> None:
    unknown = {one.id for one in sample_products().values() if carbon(one).kg_per_kg is None}
    other = {
        one.id
        for one in sample_products().values()
        if one.category[0] in NOT_EATEN
        or one.category[-1] in {"Diapers & wipes", "Care", "Feeding & bottles", "Toys"}
    }

    assert unknown == other


def test_orders_foods_as_the_literature_does() -> None:
    names = ["Lean Beef Mince", "Cheddar, Mild", "Chicken Breast", "Whole Milk 2", "Broccoli"]
    figures = [carbon(titled(name)).kg_per_kg or Decimal(0) for name in names]

    assert figures == sorted(figures, reverse=True)


def test_the_figure_alone_is_that_of_the_estimate() -> None:
    for product in sample_products().values():
        whole = carbon(product).kg_per_kg
        assert kg_per_kg(product) == (None if whole is None else float(whole)), product.title
