"""What has to hold in any catalog that comes as data: groceries, hardware and a cafe."""

import re
from decimal import Decimal

from tests.knowledge.sample.ingredient_words import (
    allergens_named_in,
    names_animal_product,
    names_meat,
)
from tests.knowledge.sample.shop_files import Product, amount_in

KCAL_PER_GRAM = {"fat": 9, "carbohydrates": 4, "fiber": 2, "protein": 4}
PARTS = ("fat", "carbohydrates", "fiber", "protein", "salt")


def test_ids_are_one_letter_with_ascending_numbers(products: list[Product]) -> None:
    ids = [product.id for product in products]

    assert ids == sorted(set(ids))
    assert {product.id[0] for product in products} == {products[0].id[0]}
    assert [one for one in ids if not re.fullmatch(r"[A-Z]\d{3}", one)] == []


def test_titles_are_told_apart(products: list[Product]) -> None:
    assert len({product.title.casefold() for product in products}) == len(products)


def test_no_description_is_used_twice(products: list[Product]) -> None:
    assert len({product.description.casefold() for product in products}) == len(products)


def test_descriptions_are_one_or_two_short_sentences(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if not (15 <= len(product.description) <= 160 and product.description.endswith("."))
    ] == []


def test_prices_are_positive_with_two_decimals(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if not re.fullmatch(r"\d+\.\d\d", product.price) or Decimal(product.price) <= 0
    ] == []


def test_goods_sold_by_the_piece_have_a_size_that_gives_a_unit_price(
    products: list[Product],
) -> None:
    assert [
        product.id
        for product in products
        if product.sell_by == "each" and not amount_in(product.size or "")
    ] == []


def test_titles_name_the_size_they_are_sold_in(products: list[Product]) -> None:
    named = re.compile(r" (\d+ x )?[\d.]+ (g|kg|ml|l|m|pieces|rolls)$")

    assert [
        product.id
        for product in products
        if named.search(product.title) and not product.title.endswith(f" {product.size}")
    ] == []


def test_goods_by_weight_or_volume_have_a_unit_and_steps_that_reach_the_minimum(
    products: list[Product],
) -> None:
    units = {"weight": {"kg", "lb"}, "volume": {"l"}}
    loose = [product for product in products if product.sell_by != "each"]

    assert [
        product.id
        for product in loose
        if product.unit not in units[product.sell_by]
        or not product.step
        or not product.min_quantity
        or product.min_quantity % product.step
    ] == []


def test_steps_and_units_are_given_only_for_weight_and_volume(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if product.sell_by == "each" and (product.unit or product.step or product.min_quantity)
    ] == []


def test_the_most_one_may_buy_is_not_below_the_least(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if product.max_quantity is not None
        and product.max_quantity < max(product.min_quantity or 1, 1)
    ] == []


def test_stock_is_never_negative(products: list[Product]) -> None:
    assert [
        product.id for product in products if product.stock is not None and product.stock < 0
    ] == []


def test_ratings_lie_between_one_and_five_and_come_with_their_number(
    products: list[Product],
) -> None:
    assert [
        product.id
        for product in products
        if (product.rating is None) != (product.ratings_count is None)
        or (product.rating is not None and not 1 <= product.rating <= 5)
        or product.ratings_count == 0
    ] == []


def test_variants_of_a_group_differ_in_the_same_options(products: list[Product]) -> None:
    groups: dict[str, list[dict[str, str]]] = {}
    for product in products:
        if product.group_id:
            groups.setdefault(product.group_id, []).append(product.options or {})

    assert groups
    for group, variants in groups.items():
        values = {tuple(sorted(options.items())) for options in variants}
        assert len(values) == len(variants) >= 2, group
        assert len({tuple(sorted(options)) for options in variants}) == 1, group


def test_barcodes_end_in_their_check_digit_and_use_the_range_for_one_shop(
    products: list[Product],
) -> None:
    codes = [product.gtin for product in products if product.gtin]

    assert len(set(codes)) == len(codes)
    for code in codes:
        assert re.fullmatch(r"2\d{12}", code)
        weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code))
        assert weighted % 10 == 0, code


def test_seasons_are_ranges_of_months(products: list[Product]) -> None:
    month = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"

    assert [
        product.season
        for product in products
        if product.season and not re.fullmatch(rf"({month})-({month})", product.season)
    ] == []


def test_every_allergen_in_the_ingredients_is_declared(products: list[Product]) -> None:
    assert {
        product.id: undeclared
        for product in products
        if product.ingredients is not None
        and product.allergens is not None
        and (undeclared := allergens_named_in(product.ingredients) - set(product.allergens))
    } == {}


def test_every_declared_allergen_can_be_read_in_the_ingredients(products: list[Product]) -> None:
    assert {
        product.id: unread
        for product in products
        if product.ingredients is not None
        and product.allergens is not None
        and (unread := set(product.allergens) - allergens_named_in(product.ingredients))
    } == {}


def test_nothing_is_both_an_ingredient_and_a_trace(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if set(product.allergens or ()) & set(product.traces or ())
    ] == []


def test_traces_are_unknown_where_allergens_are(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if product.allergens is None and product.traces is not None
    ] == []


def test_vegan_goods_contain_nothing_from_animals(products: list[Product]) -> None:
    animal = {"milk", "eggs", "fish", "crustaceans", "molluscs"}

    assert [
        product.id
        for product in products
        if "vegan" in product.diets
        and (
            set(product.allergens or ()) & animal or names_animal_product(product.ingredients or "")
        )
    ] == []


def test_vegetarian_goods_contain_no_meat_or_fish(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if "vegetarian" in product.diets and names_meat(product.ingredients or "")
    ] == []


def test_vegan_goods_are_called_vegetarian_too(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if "vegan" in product.diets and "vegetarian" not in product.diets
    ] == []


def test_gluten_free_goods_have_no_gluten_and_no_traces_of_it(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if "gluten_free" in product.diets
        and "gluten" in {*(product.allergens or ()), *(product.traces or ())}
    ] == []


def test_lactose_free_goods_have_no_lactose_left(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if "lactose_free" in product.diets
        and (
            "milk" in (product.traces or ())
            or (
                "milk" in (product.allergens or ())
                and "lactase" not in (product.ingredients or "")
                and (product.nutrition is None or product.nutrition.sugars > Decimal("0.5"))
            )
        )
    ] == []


def test_nut_free_goods_have_no_nuts_peanuts_or_traces_of_them(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if "nut_free" in product.diets
        and {"nuts", "peanuts"} & {*(product.allergens or ()), *(product.traces or ())}
    ] == []


def test_allergy_claims_are_only_made_where_allergens_are_known(products: list[Product]) -> None:
    claims = {"vegan", "gluten_free", "lactose_free", "nut_free"}

    assert [
        product.id
        for product in products
        if product.is_food and product.allergens is None and claims & set(product.diets)
    ] == []


def test_energy_agrees_with_the_nutrients(products: list[Product]) -> None:
    wrong = {}
    for product in products:
        if product.nutrition is None:
            continue
        expected = product.alcohol_grams * 7 + sum(
            (getattr(product.nutrition, name) * kcal for name, kcal in KCAL_PER_GRAM.items()),
            Decimal(0),
        )
        gap = abs(product.nutrition.energy_kcal - expected)
        if gap > max(expected * Decimal("0.12"), Decimal(15)):
            wrong[product.id] = gap
    assert wrong == {}


def test_parts_of_a_nutrient_are_not_more_than_the_whole(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if product.nutrition
        and (
            product.nutrition.saturated_fat > product.nutrition.fat
            or product.nutrition.sugars > product.nutrition.carbohydrates
        )
    ] == []


def test_nutrients_add_up_to_no_more_than_the_food(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if product.nutrition and sum(getattr(product.nutrition, part) for part in PARTS) > 100
    ] == []


def test_nutrition_figures_are_never_negative(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if product.nutrition and min(product.nutrition.model_dump().values()) < 0
    ] == []


def test_shares_of_fruit_and_vegetables_are_percentages(products: list[Product]) -> None:
    assert [
        product.id
        for product in products
        if product.nutrition and product.nutrition.fruit_vegetable_percent > 100
    ] == []
