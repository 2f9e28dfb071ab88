"""Expected points were added up by hand from the tables of the official calculation sheet."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.catalog.models import NutritionClass, Product
from knowledge.scoring.nutri_score import GRADES, grade_index, nutri_score
from tests.foods import food, nutrition


def product_of(kind: NutritionClass, facts: dict[str, float], **more: Any) -> Product:
    return food(nutrition=nutrition(**facts), nutrition_class=kind, **more)


CASES: list[tuple[str, NutritionClass, dict[str, float], str, int]] = [
    # Energy 180 kJ: 3, sugars: 9.
    ("cola", "beverage", {"energy_kcal": 43, "sugars": 10.6}, "E", 12),
    # Energy 272 kJ: 6, sugars: 3, saturates: 2, protein: -7. Whole milk is a C since 2023.
    ("whole milk", "beverage",
     {"energy_kcal": 65, "sugars": 4.8, "saturated_fat": 2.3, "salt": 0.1, "protein": 3.3},
     "C", 4),
    # Energy 146 kJ: 2, sugars: 3, protein: -7.
    ("skimmed milk", "beverage",
     {"energy_kcal": 35, "sugars": 4.9, "saturated_fat": 0.1, "salt": 0.1, "protein": 3.4},
     "B", -2),
    # Energy from saturates 518 kJ: 4, 14 % of fat: 1, fruit: -5. Olive oil is a B since 2023.
    ("olive oil", "fat_oil_nut",
     {"energy_kcal": 900, "fat": 100, "saturated_fat": 14, "fruit_vegetable_percent": 100}, "B", 0),
    # 407 kJ: 3, 11 %: 1.
    ("sunflower oil", "fat_oil_nut",
     {"energy_kcal": 900, "fat": 100, "saturated_fat": 11}, "C", 4),
    # 1998 kJ: 10, 66 %: 10.
    ("butter", "fat_oil_nut",
     {"energy_kcal": 744, "fat": 82, "saturated_fat": 54, "sugars": 0.5, "protein": 0.7}, "E", 20),
    # Energy 1590 kJ: 4, saturates: 10, salt: 2, protein: -7, which counts in cheese.
    ("emmental", "cheese",
     {"energy_kcal": 380, "saturated_fat": 19, "salt": 0.5, "protein": 28}, "C", 9),
    # Energy 1590 kJ: 4, saturates: 10, salt: 2; too bad for its protein to count.
    ("the same as a general food", "general",
     {"energy_kcal": 380, "saturated_fat": 19, "salt": 0.5, "protein": 28}, "D", 16),
    # Energy 912 kJ: 2, saturates: 6, protein: -2 at most.
    ("beef mince", "red_meat",
     {"energy_kcal": 218, "saturated_fat": 6.5, "salt": 0.2, "protein": 19}, "C", 6),
    # Energy 1464 kJ: 4, protein: -7, fiber: -5.
    ("red lentils", "general",
     {"energy_kcal": 350, "sugars": 2, "saturated_fat": 0.2, "protein": 25, "fiber": 11}, "A", -8),
    # Energy 2218 kJ: 6, sugars: 15, saturates: 10.
    ("milk chocolate", "general",
     {"energy_kcal": 530, "sugars": 56, "saturated_fat": 18, "salt": 0.2, "protein": 7}, "E", 31),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "facts", "grade", "points"), CASES)
def test_agrees_with_sums_made_by_hand(
    name: str, kind: NutritionClass, facts: dict[str, float], grade: str, points: int
) -> None:
    score = nutri_score(product_of(kind, facts, title=name))

    assert score is not None
    assert (score.grade, score.points) == (grade, points)


def test_sweeteners_cost_a_drink_four_points() -> None:
    plain = product_of("beverage", {})
    sweetened = replace(plain, ingredients="Water, sweeteners (aspartame, acesulfame K)")

    scores = [nutri_score(plain), nutri_score(sweetened)]

    assert [score and (score.grade, score.points) for score in scores] == [("B", 0), ("C", 4)]


def test_water_is_the_only_drink_with_an_a() -> None:
    water = nutri_score(food("Spring water", nutrition_class="water"))

    assert water is not None
    assert water.grade == "A"


@pytest.mark.parametrize("missing", ["energy_kcal", "sugars", "saturated_fat", "salt", "protein"])
def test_says_nothing_when_a_needed_figure_is_unknown(missing: str) -> None:
    facts = replace(nutrition(), **{missing: None})

    assert nutri_score(food(nutrition=facts, nutrition_class="general")) is None


def test_says_nothing_without_nutrition() -> None:
    assert nutri_score(food()) is None


@pytest.mark.parametrize(
    "left_out",
    [
        {"attributes": {"alcohol_percent": "5"}},
        {"category": ("Baby & kids", "Baby food")},
        {"category": ("Drinks", "Coffee")},
        {"category": ("Pet", "Cat")},
    ],
)
def test_leaves_out_what_the_scheme_leaves_out(left_out: dict[str, Any]) -> None:
    assert nutri_score(product_of("general", {}, **left_out)) is None


def test_says_what_it_assumed() -> None:
    facts = replace(nutrition(), fiber=None)
    score = nutri_score(food("Orange juice", size="1 l", category=("Juice",), nutrition=facts))

    assert score is not None
    assert score.nutrition_class == "beverage"
    assert score.assumed == ("taken as beverage by its name and category", "no fibre stated")


@pytest.mark.parametrize(
    ("title", "category", "kind"),
    [
        ("Gouda cheese", ("Dairy",), "cheese"),
        ("Minced veal", ("Meat", "Veal"), "red_meat"),
        ("Walnuts", ("Snacks", "Nuts"), "fat_oil_nut"),
        ("Rye bread", ("Bakery", "Bread"), "general"),
    ],
)
def test_guesses_the_class_when_the_maker_states_none(
    title: str, category: tuple[str, ...], kind: str
) -> None:
    facts = nutrition(fat=10)
    score = nutri_score(food(title, category=category, size="200 g", nutrition=facts))

    assert score is not None
    assert score.nutrition_class == kind


grams = st.floats(0, 100, allow_nan=False).map(lambda value: round(value, 2))
kinds = st.sampled_from(["general", "beverage", "cheese", "red_meat"])


@given(kind=kinds, sugars=grams, more=grams, salt=grams, protein=grams)
def test_more_sugar_never_helps(
    kind: NutritionClass, sugars: float, more: float, salt: float, protein: float
) -> None:
    less = {"sugars": sugars, "salt": salt, "protein": protein}
    before = nutri_score(product_of(kind, less))
    after = nutri_score(product_of(kind, less | {"sugars": sugars + more}))

    assert before is not None
    assert after is not None
    assert after.points >= before.points
    assert grade_index(after.grade) >= grade_index(before.grade)


@given(kind=kinds, fiber=grams, more=grams, sugars=grams)
def test_more_fiber_never_harms(
    kind: NutritionClass, fiber: float, more: float, sugars: float
) -> None:
    less = {"fiber": fiber, "sugars": sugars}
    before = nutri_score(product_of(kind, less))
    after = nutri_score(product_of(kind, less | {"fiber": fiber + more}))

    assert before is not None
    assert after is not None
    assert after.points <= before.points


@given(kind=kinds, energy=st.integers(0, 900), sugars=grams, saturates=grams, salt=grams)
def test_points_are_the_sum_of_what_is_shown(
    kind: NutritionClass, energy: int, sugars: float, saturates: float, salt: float
) -> None:
    facts = {"energy_kcal": energy, "sugars": sugars, "saturated_fat": saturates, "salt": salt}
    score = nutri_score(product_of(kind, facts))

    assert score is not None
    assert score.points == sum(part.points for part in score.parts)
    assert score.grade in GRADES
