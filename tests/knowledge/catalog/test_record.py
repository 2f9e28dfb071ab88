from decimal import Decimal

import pytest

from knowledge.catalog.record import (
    InvalidRecord,
    ProductRecord,
    from_csv_row,
    read_record,
    unknown_columns,
)

OAT_DRINK = {
    "id": "P003",
    "title": "Oat Drink 1L",
    "brand": "Northfield",
    "category": "Drinks > Plant drinks",
    "price": "2.19",
    "size": "1 l",
    "stock": 40,
    "rating": 4.4,
    "allergens": ["gluten"],
    "diets": ["vegan", "lactose_free"],
    "nutrition": {"energy_kcal": 46, "fat": 1.5, "sugars": 4.1, "salt": 0.1},
}


def problems_of(data: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRecord) as caught:
        read_record(data, "USD")
    return caught.value.problems


def test_a_record_becomes_a_product() -> None:
    product = read_record(OAT_DRINK, "USD")

    assert product.price.amount == Decimal("2.19")
    assert product.price.currency == "USD"
    assert product.category == ("Drinks", "Plant drinks")
    assert product.nutrition is not None
    assert product.nutrition.fat == Decimal("1.5")
    assert product.nutrition.protein is None
    assert product.rating == Decimal("4.4")


def test_unknown_is_kept_apart_from_none() -> None:
    unknown = read_record({"id": "a", "title": "A", "price": "1"}, "USD")
    declared = read_record({"id": "a", "title": "A", "price": "1", "allergens": []}, "USD")

    assert unknown.allergens is None
    assert declared.allergens == ()


def test_a_product_survives_the_way_to_a_record_and_back() -> None:
    product = read_record(OAT_DRINK, "USD")

    assert ProductRecord.from_product(product).to_product("USD") == product


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"price": "-1"}, "price"),
        ({"price": "free"}, "price"),
        ({"price": "2.195"}, "price"),
        ({"price": "NaN"}, "price"),
        ({"title": "  "}, "title"),
        ({"id": "has space"}, "id"),
        ({"id": "#1"}, "id"),
        ({"currency": "EUR"}, "currency"),
        ({"allergens": ["wheat"]}, "allergens"),
        ({"diets": ["paleo"]}, "diets"),
        ({"nutrition": {"vitamin_c": 1}}, "nutrition.vitamin_c"),
        ({"nutrition": {"fat": 101}}, "nutrition.fat"),
        ({"stock": 1.5}, "stock"),
        ({"stock": -1}, "stock"),
        ({"rating": 6}, "rating"),
        ({"sell_by": "weight"}, "unit"),
        ({"sell_by": "weight", "unit": "l"}, "unit"),
        ({"min_quantity": 5, "max_quantity": 2}, "max_quantity"),
        ({"image_url": "javascript:alert(1)"}, "image_url"),
        ({"description": "nul \x00 byte"}, "description"),
    ],
)
def test_each_wrong_field_is_named(change: dict[str, object], field: str) -> None:
    assert field in [name for name, _ in problems_of(OAT_DRINK | change)]


def test_every_problem_of_a_record_is_told_at_once() -> None:
    names = [name for name, _ in problems_of({"id": "a", "price": "x", "foo": 1})]

    assert sorted(names) == ["foo", "price", "title"]


@pytest.mark.parametrize("data", [None, 5, "text", ["a"]])
def test_what_is_no_object_is_no_record(data: object) -> None:
    assert problems_of(data)


def test_a_currency_without_cents_takes_no_cents() -> None:
    with pytest.raises(InvalidRecord):
        read_record({"id": "a", "title": "A", "price": "100.5"}, "JPY")


def test_csv_cells_become_lists_numbers_and_nutrition() -> None:
    row = {
        "id": "a",
        "title": "A",
        "price": "1.50",
        "diets": "vegan|organic",
        "allergens": "[]",
        "traces": "",
        "nutrition.energy_kcal": "46",
        "attributes.net_weight_g": "120",
        "stock": "4",
    }

    product = read_record(from_csv_row(row), "USD")

    assert product.diets == ("vegan", "organic")
    assert product.allergens == ()
    assert product.traces is None
    assert product.nutrition is not None
    assert product.nutrition.energy_kcal == 46
    assert product.attributes == {"net_weight_g": "120"}
    assert product.stock == 4


def test_columns_the_format_lacks_are_named() -> None:
    header = ["id", "title", "price", "nutrition", "nutrition.iron", "options.colour", "margin"]

    assert unknown_columns(header) == ["nutrition", "nutrition.iron", "margin"]
