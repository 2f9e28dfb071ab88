"""Amounts as cooks measure and shoppers say them."""

from decimal import Decimal

import pytest

from knowledge.errors import InvalidInput
from knowledge.recipes.amounts import Quantity, amount_text, read_quantity, scaled
from knowledge.recipes.measures import measured
from knowledge.recipes.models import Amount, Unit


def amount(number: str, unit: Unit) -> Amount:
    return Amount(Decimal(number), unit)


@pytest.mark.parametrize(
    ("number", "unit", "servings", "to", "text"),
    [
        ("500", "g", 4, 6, "750 g"),
        ("500", "g", 4, 12, "1.5 kg"),
        ("400", "g", 4, 3, "300 g"),
        ("330", "g", 6, 4, "220 g"),
        ("7", "g", 4, 2, "4 g"),
        ("2", "piece", 4, 4, "2"),
        ("1", "piece", 4, 2, "0.5"),
        ("1", "piece", 8, 1, "0.5"),
        ("5", "piece", 4, 6, "8"),
        ("2", "tsp", 4, 8, "1.5 tbsp"),
        ("3", "tbsp", 4, 12, "140 ml"),
        ("1", "tsp", 4, 2, "0.5 tsp"),
        ("3", "clove", 4, 2, "2 cloves"),
        ("1", "pinch", 4, 1, "1 pinch"),
        ("1", "bunch", 4, 8, "2 bunches"),
        ("1980", "ml", 6, 6, "1.98 l"),
    ],
)
def test_amounts_scale_to_what_a_kitchen_can_measure(
    number: str, unit: Unit, servings: int, to: int, text: str
) -> None:
    assert amount_text(scaled(amount(number, unit), servings=servings, to=to)) == text


def test_no_amount_is_to_taste() -> None:
    assert amount_text(None) == "to taste"


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("2", Quantity(count=Decimal(2))),
        ("", Quantity()),
        ("a dozen", Quantity(amount("12", "piece"), Decimal(12))),
        ("half a dozen", Quantity(amount("6", "piece"), Decimal(6))),
        ("500 g", Quantity(amount("500", "g"))),
        ("500g", Quantity(amount("500", "g"))),
        ("half a kilo", Quantity(amount("0.5", "kg"))),
        ("1 1/2 l", Quantity(amount("1.5", "l"))),
        ("a bunch", Quantity(amount("1", "bunch"))),
        ("two packs", Quantity(count=Decimal(2), packs=True)),
        ("12 bottles", Quantity(count=Decimal(12), parts=True)),
        ("3 large", Quantity(count=Decimal(3))),
    ],
)
def test_quantities_are_read_as_they_are_said(text: str, quantity: Quantity) -> None:
    assert read_quantity(text) == quantity


@pytest.mark.parametrize("text", ["lots", "0", "99999999", "-", "1/0", "-3", "1e9"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="not a quantity"):
        read_quantity(text)


def test_a_spoonful_weighs_what_it_is_a_spoonful_of() -> None:
    flour, honey = (measured(amount("1", "cup"), name).kilograms for name in ("flour", "honey"))

    assert flour is not None
    assert honey is not None
    assert flour < Decimal("0.15") < Decimal("0.3") < honey


def test_pieces_weigh_what_things_of_the_name_usually_weigh() -> None:
    assert measured(amount("2", "piece"), "red onions").kilograms == Decimal("0.3")
    assert measured(amount("2", "clove"), "garlic").kilograms == Decimal("0.008")
    assert measured(amount("2", "piece"), "gizmos").kilograms is None
