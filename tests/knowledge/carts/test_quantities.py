from decimal import Decimal

import pytest

from knowledge.carts.errors import QuantityRefused
from knowledge.carts.quantities import most_available, parse_quantity, plain, quantity_text
from knowledge.catalog.models import Product
from tests.market import goods

OATS = goods("oats", stock=5, title="Oats")
APPLES = goods(
    "apples", sell_by="weight", unit="kg", step=Decimal("0.1"), min_quantity=Decimal("0.2"),
    stock=Decimal("1.25"),
)  # fmt: skip
OIL = goods("oil", sell_by="volume", unit="l", step=Decimal("0.25"))


@pytest.mark.parametrize(
    ("text", "product", "quantity"),
    [
        ("2", OATS, "2"),
        ("2 pieces", OATS, "2"),
        ("3x", OATS, "3"),
        ("0.5", APPLES, "0.5"),
        ("0,5 kg", APPLES, "0.5"),
        ("500 g", APPLES, "0.5"),
        ("500g", APPLES, "0.5"),
        ("1 lb", APPLES, "0.4536"),
        ("750 ml", OIL, "0.75"),
    ],
)
def test_amounts_are_read_in_the_unit_of_the_product(
    text: str, product: Product, quantity: str
) -> None:
    assert parse_quantity(text, product) == Decimal(quantity)


@pytest.mark.parametrize(
    ("text", "product"),
    [("many", OATS), ("", OATS), ("1e9", OATS), ("-2", OATS), ("NaN", OATS), ("500 g", OATS),
     ("2 l", APPLES), ("3 bananas", APPLES)],
)  # fmt: skip
def test_what_is_no_amount_of_it_is_refused(text: str, product: Product) -> None:
    with pytest.raises(QuantityRefused):
        parse_quantity(text, product)


def test_numbers_are_written_without_exponent() -> None:
    assert [plain(Decimal(text)) for text in ("1E+1", "2.50", "0.0")] == ["10", "2.5", "0"]
    assert quantity_text(Decimal("0.50"), APPLES) == "0.5 kg"
    assert quantity_text(Decimal(2), OATS) == "2"


@pytest.mark.parametrize(
    ("product", "wanted", "most"),
    [
        (OATS, "3", "3"),
        (OATS, "9", "5"),
        (APPLES, "2", "1.2"),
        (goods("wine", max_quantity=Decimal(6)), "9", "6"),
        (goods("plums", stock=0), "1", "0"),
        (goods("gone", listed=False), "1", "0"),
        (goods("few", stock=1, min_quantity=Decimal(2)), "3", "0"),
    ],
)
def test_the_most_that_can_be_sold(product: Product, wanted: str, most: str) -> None:
    assert most_available(product, Decimal(wanted)) == Decimal(most)
