import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.catalog.models import ALLERGENS
from knowledge.errors import InvalidInput
from knowledge.scoring.allergens import US_9, allergen_name, check_allergen, safe_from
from tests.foods import food, sample_products


def test_a_declared_allergen_is_not_safe() -> None:
    check = check_allergen(food(allergens=("milk",), traces=()), "milk")

    assert (check.verdict, check.because) == ("no", "contains milk")


def test_tells_the_ingredient_that_decides() -> None:
    bread = food(allergens=("gluten",), traces=(), ingredients="Rye flour, water")

    assert check_allergen(bread, "gluten").because == "contains rye (gluten)"


def test_a_warning_of_traces_is_not_safe() -> None:
    check = check_allergen(food(allergens=(), traces=("nuts",)), "nuts")

    assert (check.verdict, check.because) == ("no", "may contain nuts")


def test_a_full_declaration_without_it_is_safe() -> None:
    assert check_allergen(food(allergens=("milk",), traces=()), "eggs").verdict == "yes"


def test_unknown_traces_are_not_safe() -> None:
    assert check_allergen(food(allergens=(), traces=None), "eggs").verdict == "unknown"


def test_unknown_allergens_are_unknown() -> None:
    assert check_allergen(food("Mystery bar"), "eggs").verdict == "unknown"


def test_ingredients_decide_where_nothing_is_declared() -> None:
    check = check_allergen(food(ingredients="Sugar, hazelnuts"), "nuts")

    assert (check.verdict, check.because) == ("no", "contains hazelnuts")


def test_ingredients_that_contradict_a_declaration_are_not_safe() -> None:
    check = check_allergen(food(allergens=(), traces=(), ingredients="Wheat flour"), "gluten")

    assert check.verdict == "no"


def test_a_warning_within_the_ingredients_counts() -> None:
    text = "Sugar. May contain peanuts."

    assert check_allergen(food(ingredients=text), "peanuts").because == "may contain peanuts"


def test_the_name_decides_where_no_ingredients_are_known() -> None:
    check = check_allergen(food("Peanut Crunch"), "peanuts")

    assert (check.verdict, check.because) == ("no", "named after peanut")


def test_the_name_of_a_vegan_cheese_says_nothing_of_milk() -> None:
    assert check_allergen(food("Cheddar Style", diets=("vegan",)), "milk").verdict == "unknown"


def test_oats_are_gluten_unless_declared_free_of_it() -> None:
    oats = food(ingredients="Oats", allergens=(), traces=())
    pure = food(ingredients="Oats", allergens=(), traces=(), diets=("gluten_free",))

    assert check_allergen(oats, "gluten").verdict == "no"
    assert check_allergen(pure, "gluten").verdict == "yes"


def test_a_plain_fruit_is_safe_though_nobody_declared_it() -> None:
    assert check_allergen(food("Bananas, loose", category=("Fruit",)), "nuts").verdict == "yes"


def test_soap_is_safe_because_it_is_no_food() -> None:
    check = check_allergen(food("Milk & Honey Soap", category=("Health & beauty",)), "milk")

    assert (check.verdict, check.because) == ("yes", "not a food")


@pytest.mark.parametrize("name", US_9)
def test_knows_the_nine_of_the_united_states(name: str) -> None:
    assert allergen_name(name) in ALLERGENS


def test_refuses_what_is_no_allergen() -> None:
    with pytest.raises(InvalidInput, match="is not one of"):
        check_allergen(food(), "moonlight")


@given(
    declared=st.none() | st.lists(st.sampled_from(ALLERGENS), unique=True),
    traces=st.none() | st.lists(st.sampled_from(ALLERGENS), unique=True),
    asked=st.sampled_from(ALLERGENS),
)
def test_only_what_is_fully_declared_without_it_is_ever_safe(
    declared: list[str] | None, traces: list[str] | None, asked: str
) -> None:
    product = food(
        allergens=None if declared is None else tuple(declared),
        traces=None if traces is None else tuple(traces),
    )

    safe = check_allergen(product, asked).verdict == "yes"

    assert safe == (
        declared is not None and traces is not None and asked not in (*declared, *traces)
    )


@given(
    declared=st.none() | st.lists(st.sampled_from(ALLERGENS), unique=True, max_size=3),
    traces=st.none() | st.lists(st.sampled_from(ALLERGENS), unique=True, max_size=3),
    title=st.sampled_from(["Thing", "Bananas", "Oat Drink", "Milk Chocolate", "Soap"]),
    ingredients=st.sampled_from(
        [None, "Bananas", "Oats, water", "Sugar. May contain oats and nuts.", "Rye flour"]
    ),
    diets=st.sampled_from([(), ("gluten_free",)]),
    shelf=st.sampled_from(["Snacks", "Fruit", "Cat food", "Cleaning"]),
)
def test_all_at_once_says_the_same_as_one_by_one(
    declared: list[str] | None,
    traces: list[str] | None,
    title: str,
    ingredients: str | None,
    diets: tuple[str, ...],
    shelf: str,
) -> None:
    product = food(
        title,
        category=(shelf,),
        ingredients=ingredients,
        diets=diets,
        allergens=None if declared is None else tuple(declared),
        traces=None if traces is None else tuple(traces),
    )

    one_by_one = [name for name in ALLERGENS if check_allergen(product, name).verdict == "yes"]
    assert list(safe_from(product)) == one_by_one


def test_all_at_once_agrees_on_the_whole_sample() -> None:
    for product in sample_products().values():
        safe = [name for name in ALLERGENS if check_allergen(product, name).verdict == "yes"]
        assert list(safe_from(product)) == safe, product.title
