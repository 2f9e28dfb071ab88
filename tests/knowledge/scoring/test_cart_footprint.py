from decimal import Decimal

from knowledge.scoring.cart_footprint import cart_footprint
from tests.foods import food

RICE = food("Rice", size="1 kg", category=("Rice",), carbon_kg_per_kg=Decimal(4))
SOAP = food("Soap", category=("Household",))


def test_adds_up_what_is_known_and_counts_what_is_not() -> None:
    cart = cart_footprint([(RICE, Decimal(2)), (SOAP, Decimal(1))])

    assert (cart.kg_co2e, cart.low, cart.high) == (Decimal("8.00"),) * 3
    assert (cart.grade, cart.unknown) == ("C", 1)


def test_a_cart_of_unknowns_has_no_grade() -> None:
    cart = cart_footprint([(SOAP, Decimal(3))])

    assert (cart.kg_co2e, cart.grade, cart.unknown) == (None, None, 1)


def test_an_empty_cart_has_nothing_to_add() -> None:
    assert cart_footprint([]).kg_co2e is None
