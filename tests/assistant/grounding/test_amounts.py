from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.amounts import find_amounts
from knowledge.money import Money


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("It is $4.99.", ["4.99"]),
        ("It is $4.", ["4"]),
        ("4 dollars", ["4"]),
        ("4.50 dollars", ["4.50"]),
        ("a 4-dollar bar", ["4"]),
        ("4 dollars and 50 cents", ["4.50"]),
        ("four dollars", ["4"]),
        ("three dollars forty-nine", ["3.49"]),
        ("twenty-one dollars and five cents", ["21.05"]),
        ("a hundred and twenty dollars", ["120"]),
        ("99 cents", ["0.99"]),
        ("ninety-nine cents", ["0.99"]),
        ("1,299.00 USD", ["1299.00"]),
        ("EUR 4,99", ["4.99"]),
        ("4,99 €", ["4.99"]),
        ("-$1.20", ["-1.20"]),
        ("it costs 4.99 now", ["4.99"]),
        ("from $2.19 to $3.49", ["2.19", "3.49"]),
        ("5 bucks", ["5"]),
        ("1.50 kg of rice, 3.75 l, 4.50 stars", []),
        ("500 g, 6 x 330 ml, 20 % off, version 1.2.34", []),
        ("three bananas and two apples", []),
        ("two pounds of apples", []),
    ],
)
def test_amounts_are_found_in_free_wording(text: str, amounts: list[str]) -> None:
    assert [found.value for found in find_amounts(text)] == [Decimal(one) for one in amounts]


@pytest.mark.parametrize(
    "text", ["about $4", "around 4 dollars", "roughly four dollars", "~$4", "$4 or so", "nearly $4"]
)
def test_a_rounding_word_is_noticed(text: str) -> None:
    (amount,) = find_amounts(text)
    assert amount.hedged


@pytest.mark.parametrize("text", ["under $5", "up to 5 dollars", "less than five dollars"])
def test_a_limit_is_noticed(text: str) -> None:
    (amount,) = find_amounts(text)
    assert amount.bound


def test_every_number_of_a_shopper_counts_when_asked_for() -> None:
    values = [one.value for one in find_amounts("40 for the week, 3 at most", bare=True)]
    assert values == [40, 3]


@given(
    st.decimals(min_value=0, max_value=99999, places=2),
    st.sampled_from(["USD", "EUR", "GBP", "CHF", "INR"]),
)
def test_whatever_money_displays_is_read_back(amount: Decimal, currency: str) -> None:
    (found,) = find_amounts(f"That is {Money(amount, currency).display()} in all.")
    assert found.value == amount
