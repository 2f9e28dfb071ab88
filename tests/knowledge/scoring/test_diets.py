import pytest

from knowledge.catalog.models import DIETS
from knowledge.errors import InvalidInput
from knowledge.scoring.diets import check_diet, diet_name, suited_diets
from tests.foods import food, nutrition, sample_products


@pytest.mark.parametrize("diet", DIETS)
def test_a_declared_diet_suits(diet: str) -> None:
    assert check_diet(food(diets=(diet,)), diet).verdict == "yes"


@pytest.mark.parametrize("diet", DIETS)
def test_nothing_known_is_unknown(diet: str) -> None:
    assert check_diet(food("Mystery bar"), diet).verdict == "unknown"


@pytest.mark.parametrize("diet", DIETS)
def test_no_diet_warns_of_a_screwdriver(diet: str) -> None:
    check = check_diet(food("Screwdriver", category=("Hand tools",)), diet)

    assert (check.verdict, check.because) == ("yes", "not a food")


@pytest.mark.parametrize(
    ("ingredients", "diet", "because"),
    [
        ("Oats, honey", "vegan", "contains honey"),
        ("Sugar, milk powder", "vegan", "contains milk powder"),
        ("Sugar, gelatin", "vegetarian", "contains gelatin"),
        ("Milk, animal rennet", "vegetarian", "contains animal rennet"),
        ("Wheat flour", "gluten_free", "contains wheat"),
        ("Cream", "lactose_free", "contains cream"),
        ("Cashews", "nut_free", "contains cashews"),
        ("Peanuts", "nut_free", "contains peanuts"),
        ("Pork", "halal", "contains pork"),
        ("Water, rum", "halal", "contains rum"),
        ("Shrimp", "kosher", "contains shrimp"),
        ("Beef, cheese", "kosher", "mixes beef and cheese"),
    ],
)
def test_an_ingredient_decides(ingredients: str, diet: str, because: str) -> None:
    check = check_diet(food(ingredients=ingredients), diet)

    assert (check.verdict, check.because) == ("no", because)


def test_an_ingredient_outweighs_a_declaration() -> None:
    check = check_diet(food(diets=("vegan",), ingredients="Pasta, eggs"), "vegan")

    assert (check.verdict, check.because) == ("no", "contains eggs")


def test_an_allergen_outweighs_a_declaration() -> None:
    assert check_diet(food(diets=("vegan",), allergens=("milk",)), "vegan").verdict == "no"


def test_vegan_is_vegetarian() -> None:
    assert check_diet(food(diets=("vegan",)), "vegetarian").verdict == "yes"


def test_traces_of_milk_leave_a_product_vegan() -> None:
    product = food(diets=("vegan",), allergens=(), traces=("milk",))

    assert check_diet(product, "vegan").verdict == "yes"


def test_traces_of_gluten_are_not_gluten_free_even_if_declared() -> None:
    product = food(diets=("gluten_free",), allergens=(), traces=("gluten",))

    assert check_diet(product, "gluten_free").verdict == "no"


def test_free_of_gluten_follows_from_the_allergens() -> None:
    assert check_diet(food(allergens=(), traces=()), "gluten_free").verdict == "yes"


def test_lactose_free_milk_suits() -> None:
    milk = food(diets=("lactose_free",), allergens=("milk",), ingredients="Milk, lactase")

    assert check_diet(milk, "lactose_free").verdict == "yes"


def test_alcohol_by_volume_is_not_halal() -> None:
    wine = food("Red blend", attributes={"alcohol_percent": "13.5"})

    assert check_diet(wine, "halal").because == "contains alcohol"


@pytest.mark.parametrize(
    ("diet", "facts", "verdict"),
    [
        ("low_sugar", {"sugars": 5}, "yes"),
        ("low_sugar", {"sugars": 5.1}, "no"),
        ("low_sodium", {"salt": 0.3}, "yes"),
        ("low_sodium", {"salt": 0.31}, "no"),
        ("keto", {"carbohydrates": 5}, "yes"),
        ("keto", {"carbohydrates": 5.1}, "no"),
    ],
)
def test_thresholds_of_solids_hold_to_the_gram(
    diet: str, facts: dict[str, float], verdict: str
) -> None:
    assert check_diet(food(nutrition=nutrition(**facts)), diet).verdict == verdict


@pytest.mark.parametrize(("sugars", "verdict"), [(2.5, "yes"), (2.6, "no")])
def test_drinks_have_half_the_threshold_of_sugar(sugars: float, verdict: str) -> None:
    drink = food(nutrition=nutrition(sugars=sugars), nutrition_class="beverage")

    assert check_diet(drink, "low_sugar").verdict == verdict


def test_what_was_measured_outweighs_a_claim() -> None:
    sweet = food(diets=("low_sugar",), nutrition=nutrition(sugars=30))

    assert check_diet(sweet, "low_sugar").because == "30 g sugars per 100 g, limit 5"


@pytest.mark.parametrize(
    ("diet", "label"), [("organic", "USDA Organic"), ("fair_trade", "Fairtrade")]
)
def test_a_label_decides(diet: str, label: str) -> None:
    check = check_diet(food(labels=(label,)), diet)

    assert (check.verdict, check.because) == ("yes", f"carries the label {label}")


def test_a_card_prints_of_soap_only_what_is_declared() -> None:
    soap = food("Soap", category=("Health & beauty",), diets=("vegan",))

    assert suited_diets(soap) == ("vegan",)


def test_a_label_of_soap_counts_by_whole_words() -> None:
    soap = food("Soap", category=("Health & beauty",), labels=("Organic", "Fairtrade"))
    cleaner = food("Cleaner", category=("Household",), labels=("Biodegradable",))

    assert suited_diets(soap) == ("organic", "fair_trade")
    assert suited_diets(cleaner) == ()


def test_pet_food_is_judged_by_what_it_is_made_of() -> None:
    chicken = food("Cat Food Chicken in Gravy", category=("Pet", "Cat"))
    unknown = food("Cat Food", category=("Pet", "Cat"))

    assert check_diet(chicken, "vegan").verdict == "no"
    assert check_diet(unknown, "vegan").verdict == "unknown"
    assert suited_diets(chicken) == suited_diets(unknown) == ()


@pytest.mark.parametrize(
    ("said", "diet"), [("Gluten-Free", "gluten_free"), ("celiac", "gluten_free"), ("tall", None)]
)
def test_reads_names_of_diets(said: str, diet: str | None) -> None:
    assert diet_name(said) == diet


def test_refuses_what_is_no_diet() -> None:
    with pytest.raises(InvalidInput, match="is not one of"):
        check_diet(food(), "moonlight")


def test_the_sample_never_contradicts_what_it_declares() -> None:
    for product in sample_products().values():
        assert set(product.diets) <= set(suited_diets(product)), product.title


def test_nothing_of_the_sample_with_milk_or_eggs_is_vegan() -> None:
    for product in sample_products().values():
        if set(product.allergens or ()) & {"milk", "eggs", "fish", "crustaceans", "molluscs"}:
            assert check_diet(product, "vegan").verdict == "no", product.title
