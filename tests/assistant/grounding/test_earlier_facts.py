from decimal import Decimal

import pytest

from assistant.grounding.earlier_facts import EarlierFacts
from assistant.grounding.facts import Facts
from assistant.window import Part


def turn(number: int) -> list[Part]:
    card = {"id": f"p{number}", "title": f"Oat drink {number}", "price": f"{number}.50"}
    block = {"type": "products", "title": "Oat", "products": [card]}
    return [
        {"type": "user", "text": f"under ${number}"},
        {"type": "tool", "text": "found", "blocks": [block]},
    ]


def turns(first: int, last: int) -> list[list[Part]]:
    return [turn(number) for number in range(first, last + 1)]


@pytest.mark.parametrize(
    "windows",
    [
        [(1, 1), (1, 2), (1, 3)],
        [(1, 3), (2, 4), (3, 5)],
        [(1, 3), (1, 2)],
        [(1, 2), (1, 2)],
        [(1, 1), (1, 4)],
    ],
)
def test_a_kept_conversation_knows_what_its_window_says(windows: list[tuple[int, int]]) -> None:
    earlier = EarlierFacts()

    for first, last in windows:
        known = earlier.of("c", turns(first, last), last)

        assert known == EarlierFacts().of("new", turns(first, last), last)
        assert set(known.products) == {f"p{one}" for one in range(first, last + 1)}


def test_what_a_turn_adds_is_not_known_to_the_next_one() -> None:
    earlier = EarlierFacts()
    known = earlier.of("c", turns(1, 1), 1)
    known.add_words("it cost me $77.77")
    known.products["p1"].amounts.add(Decimal("66.66"))

    again = earlier.of("c", turns(1, 1), 1)

    assert Decimal("77.77") not in again.amounts
    assert again.products["p1"].amounts == {Decimal("1.50")}
    assert earlier.of("other", [], 0) == Facts()
