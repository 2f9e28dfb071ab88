from dataclasses import replace
from decimal import Decimal

import pytest

from knowledge.catalog.models import Product
from knowledge.recommend.swaps import Goal, better_swaps
from knowledge.scoring.diets import check_diet
from knowledge.scoring.nutri_score import nutri_score
from tests.foods import food, nutrition, sample_products, titled

ONE = Decimal(1)
OATS = food(
    "Oats", id="oats", price="3.00", size="500 g", category=("Oats",), packaging=("plastic bag",)
)


def swap_to(other: Product, goal: Goal, original: Product = OATS) -> str | None:
    found = better_swaps(original, ONE, goal, [(other, 1.0)], home="US")
    return found[0].reason if found else None


def test_cheaper_means_less_to_pay_and_less_per_kilogram() -> None:
    assert swap_to(replace(OATS, id="x", price=food(price="2.00").price), "cheaper") == (
        "$4.00 instead of $6.00 per kg"
    )


@pytest.mark.parametrize(
    ("price", "size"), [("3.00", "500 g"), ("2.90", "400 g"), ("4.00", "1 kg"), ("1.00", None)]
)
def test_what_only_looks_cheaper_is_not_offered(price: str, size: str | None) -> None:
    other = replace(OATS, id="x", price=food(price=price).price, size=size)

    assert swap_to(other, "cheaper") is None


def test_greener_by_gases_says_by_how_much() -> None:
    before = replace(OATS, carbon_kg_per_kg=Decimal(2))
    after = replace(OATS, id="x", carbon_kg_per_kg=Decimal(1))

    assert swap_to(after, "greener", before) == "50 % less CO2e per kg (1 instead of 2 kg)"


def test_greener_by_certificate_packaging_and_origin_says_which() -> None:
    after = replace(
        OATS, id="x", labels=("USDA Organic",), packaging=("paper bag",), origin="United States"
    )

    assert swap_to(after, "greener") == "organic, from United States, not packed in plastic bag"


def test_a_little_less_gas_is_not_greener() -> None:
    before = replace(OATS, carbon_kg_per_kg=Decimal("1.00"))
    after = replace(OATS, id="x", carbon_kg_per_kg=Decimal("0.95"))

    assert swap_to(after, "greener", before) is None


def test_certificates_do_not_outweigh_more_gas() -> None:
    before = replace(OATS, carbon_kg_per_kg=Decimal(1))
    after = replace(OATS, id="x", carbon_kg_per_kg=Decimal(2), labels=("USDA Organic", "Fairtrade"))

    assert swap_to(after, "greener", before) is None


def test_a_makers_high_figure_says_nothing_for_a_rival_without_one() -> None:
    measured = replace(OATS, carbon_kg_per_kg=Decimal(3))

    assert swap_to(replace(OATS, id="x"), "greener", measured) is None


def test_goods_without_figures_are_greener_by_their_labels() -> None:
    soap = food("Soap", id="soap", category=("Household",), packaging=("plastic bottle",))
    eco = replace(soap, id="eco", labels=("EU Ecolabel",))

    assert swap_to(eco, "greener", soap) == "EU Ecolabel"


def test_healthier_names_the_grade_and_what_changed() -> None:
    sweet = replace(
        OATS, nutrition=nutrition(energy_kcal=380, sugars=25), nutrition_class="general"
    )
    plain = replace(sweet, id="x", nutrition=nutrition(energy_kcal=380, sugars=1))

    assert swap_to(plain, "healthier", sweet) == (
        "Nutri-Score C instead of D: 1 g sugar instead of 25 g"
    )


def test_unknown_nutrition_is_never_healthier() -> None:
    assert swap_to(replace(OATS, id="x"), "healthier") is None


def test_a_diet_of_the_original_is_never_lost() -> None:
    pure = replace(OATS, diets=("gluten_free", "vegan"), allergens=(), traces=())
    cheap = replace(OATS, id="x", price=food(price="1.00").price)

    assert swap_to(cheap, "cheaper", pure) is None
    assert swap_to(replace(pure, id="x", price=cheap.price), "cheaper", pure) is not None


def test_too_little_in_stock_is_not_offered() -> None:
    cheap = replace(OATS, id="x", price=food(price="1.00").price, stock=Decimal(2))

    assert better_swaps(OATS, Decimal(3), "cheaper", [(cheap, 1.0)]) == []
    assert better_swaps(OATS, Decimal(2), "cheaper", [(cheap, 1.0)]) != []


def test_differences_are_for_the_quantity_and_the_same_amount_of_food() -> None:
    before = replace(OATS, carbon_kg_per_kg=Decimal(2))
    after = replace(
        before, id="x", size="250 g", price=food(price="2.00").price, carbon_kg_per_kg=Decimal(1)
    )

    (swap,) = better_swaps(before, Decimal(4), "greener", [(after, 1.0)])

    assert str(swap.price_difference) == "-4.00"
    assert swap.kg_co2e_difference == Decimal("-2.00")


def test_money_of_suppliers_changes_no_order() -> None:
    """Ranking is not for sale: whatever a product says of itself beside the facts is not read."""
    candidates = [
        replace(OATS, id=name, price=food(price=price).price)
        for name, price in (("a", "2.00"), ("b", "1.50"), ("c", "2.50"))
    ]
    paid = [
        replace(one, attributes={"sponsored": "yes", "bid": "9"}) if one.id == "c" else one
        for one in candidates
    ]

    orders = [
        [
            one.replacement.id
            for one in better_swaps(OATS, ONE, "cheaper", [(x, 1.0) for x in group])
        ]
        for group in (candidates, paid)
    ]

    assert orders == [["b", "a", "c"], ["b", "a", "c"]]


@pytest.mark.parametrize("goal", ["cheaper", "greener", "healthier"])
def test_every_swap_within_the_sample_is_better_and_as_suitable(goal: Goal) -> None:
    products = [one for one in sample_products().values() if one.category[-1] == "Pasta"]
    for original in products:
        for swap in better_swaps(original, ONE, goal, [(other, 1.0) for other in products]):
            other = swap.replacement
            assert other.id != original.id
            for diet in original.diets:
                assert check_diet(other, diet).verdict == "yes"
            if goal == "cheaper":
                assert other.price < original.price
            if goal == "healthier":
                before, after = nutri_score(original), nutri_score(other)
                assert before is not None
                assert after is not None
                assert after.grade <= before.grade


def test_the_lentil_pasta_is_greener_than_the_rice_pasta() -> None:
    rice, lentil = titled("Gluten Free Spaghetti"), titled("Red Lentil Fusilli")

    (swap,) = better_swaps(rice, ONE, "greener", [(lentil, 0.6)])

    assert swap.reason.startswith("90 % less CO2e per kg")
    assert (swap.grade_before, swap.grade_after) == ("C", "A")
