from datetime import UTC, datetime
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.budgets.dropping import lines_to_drop
from knowledge.carts.models import CartLine
from knowledge.money import Money
from knowledge.pricing.models import QuoteLine
from tests.market import goods


def lines_of(*cents: int) -> list[QuoteLine]:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        QuoteLine(
            CartLine(number, f"p{number}", Decimal(1), now),
            goods(f"p{number}"),
            Money(Decimal(amount) / 100, "USD"),
        )
        for number, amount in enumerate(cents, 1)
    ]


@pytest.mark.parametrize(
    ("cents", "over", "drop"),
    [
        ((500, 300, 200), 0, []),
        ((500, 300, 200), 150, [3]),
        ((500, 300, 200), 250, [2]),
        ((500, 300, 200), 600, [1, 3]),
        ((500, 300, 200), 5000, [1, 2, 3]),
    ],
)
def test_as_few_lines_as_possible_and_no_more_than_needed(
    cents: tuple[int, ...], over: int, drop: list[int]
) -> None:
    chosen = lines_to_drop(lines_of(*cents), Money(Decimal(over) / 100, "USD"))

    assert sorted(line.line.number for line in chosen) == sorted(drop)


@given(st.lists(st.integers(1, 2000), min_size=1, max_size=7), st.integers(1, 6000))
def test_nothing_smaller_would_do(cents: list[int], over: int) -> None:
    lines = lines_of(*cents)
    chosen = lines_to_drop(lines, Money(Decimal(over) / 100, "USD"))
    worth = sum(int(line.to_pay.amount * 100) for line in chosen)

    if sum(cents) < over:
        assert len(chosen) == len(lines)
        return
    assert worth >= over
    fewer = [sum(some) for some in combinations(cents, len(chosen) - 1)]
    as_many = [sum(some) for some in combinations(cents, len(chosen))]
    assert all(total < over for total in fewer)
    assert worth == min(total for total in as_many if total >= over)
