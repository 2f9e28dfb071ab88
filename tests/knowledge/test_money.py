from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import InvalidInput
from knowledge.money import Money

amounts = st.decimals(min_value=-(10**6), max_value=10**6, places=4).map(
    lambda amount: Money(amount, "USD")
)


@given(amounts, amounts, amounts)
def test_sums_do_not_depend_on_the_order(one: Money, two: Money, three: Money) -> None:
    assert (one + two) + three == one + (two + three) == Money.total([three, one, two], "USD")
    assert one - one == Money.zero("USD")
    assert -(one - two) == two - one


@given(amounts)
def test_rounding_is_half_up_and_happens_once(amount: Money) -> None:
    rounded = amount.rounded()

    assert rounded == rounded.rounded()
    assert abs(rounded.amount - amount.amount) <= Decimal("0.005")
    assert Money.parse(str(amount), "USD") == rounded


@given(amounts, amounts)
def test_amounts_are_ordered(one: Money, other: Money) -> None:
    assert (one < other) == (other > one)
    assert (one <= other) or (other <= one)


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("2.19", "USD", "$2.19"),
        ("-2.185", "USD", "-$2.19"),
        ("-0.001", "USD", "$0.00"),
        ("1234.5", "EUR", "€1234.50"),
        ("2.19", "CHF", "2.19 CHF"),
        ("219", "JPY", "¥219"),
        ("1.2345", "KWD", "1.235 KWD"),
    ],
)
def test_people_are_shown_a_symbol(amount: str, currency: str, shown: str) -> None:
    assert Money(Decimal(amount), currency).display() == shown


def test_currencies_do_not_mix() -> None:
    with pytest.raises(InvalidInput, match="mix"):
        Money(Decimal(1), "USD") + Money(Decimal(1), "EUR")


@pytest.mark.parametrize("text", ["", "two", "NaN", "Infinity", "1,5"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        Money.parse(text, "USD")
