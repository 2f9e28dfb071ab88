from decimal import Decimal
from typing import Any

import pytest

from knowledge.optimise.importance import importance, qualities
from knowledge.optimise.line_choices import as_much, smaller
from knowledge.optimise.losses import loss_of_less, loss_of_swap
from tests.market import goods

ONE = Decimal(1)


@pytest.mark.parametrize(
    ("category", "title", "expected"),
    [
        (("Dairy & eggs", "Milk"), "Milk", "essential"),
        (("Snacks & bars", "Chocolate & sweets"), "Truffles", "treat"),
        (("Snacks & bars", "Nuts & dried fruit"), "Raisins", "everyday"),
        (("Drinks", "Coffee"), "Espresso", "everyday"),
        (("Drinks", "Soft drinks"), "Lemonade", "treat"),
        (("Groceries",), "Organic Milk", "essential"),
        (("Fasteners", "Screws"), "Wood Screws", "everyday"),
        ((), "Thing", "everyday"),
    ],
)
def test_essentials_and_treats_are_told_apart(
    category: tuple[str, ...], title: str, expected: str
) -> None:
    assert importance(goods("x", category=category, title=title)) == expected


@pytest.mark.parametrize(
    ("size", "quantity", "other", "expected"),
    [
        ("500 g", "2", "1 kg", ("1", "1")),
        ("1 l", "1", "250 ml", ("4", "1")),
        ("500 g", "1", "480 g", ("1", "0.96")),
        ("500 g", "1", "400 g", ("2", "1.6")),
        ("12 pieces", "1", "6 pieces", ("2", "1")),
        (None, "3", None, ("3", "1")),
        ("500 g", "3", "10 pieces", ("3", "1")),
    ],
)
def test_a_swap_brings_as_much(
    size: str | None, quantity: str, other: str | None, expected: tuple[str, str]
) -> None:
    original, replacement = goods("a", size=size), goods("b", size=other)

    found = as_much(original, Decimal(quantity), replacement)

    assert found == (Decimal(expected[0]), Decimal(expected[1]))


def test_a_swap_of_weighed_goods_keeps_the_weight() -> None:
    one, other = (goods(name, sell_by="weight", unit="kg", step=Decimal("0.1")) for name in "ab")

    assert as_much(one, Decimal("0.7"), other) == (Decimal("0.7"), ONE)


@pytest.mark.parametrize(
    ("quantity", "expected"), [("1", []), ("3", [2, 1]), ("24", [21, 19, 16, 14, 12, 9, 7, 4, 2])]
)
def test_less_of_pieces_is_whole(quantity: str, expected: list[int]) -> None:
    assert smaller(goods("a"), Decimal(quantity)) == expected


def test_what_the_stock_does_not_hold_is_no_choice() -> None:
    assert smaller(goods("a", stock=2), Decimal(5)) == [2, 1]
    assert smaller(goods("a", listed=False), Decimal(5)) == []


def test_losses_are_in_the_order_shoppers_keep() -> None:
    def pasta(product_id: str, title: str, **facts: Any) -> float:
        other = goods(product_id, title=title, category=("Pantry", "Pasta"), **facts)
        return loss_of_swap(spaghetti, other, 100, ONE, liked=False)

    spaghetti = goods(
        "s", title="Organic Spaghetti", category=("Pantry", "Pasta"), rating=Decimal(4),
        labels=("organic",), brand="Nonna",
    )  # fmt: skip
    same = pasta("1", "Organic Spaghetti", labels=("organic",), rating=Decimal(4))

    assert 0 < same < 10
    assert pasta("2", "Spaghetti") > same + 25
    assert pasta("3", "Organic Spaghetti", labels=("organic",), rating=Decimal(3)) > same
    assert loss_of_swap(spaghetti, spaghetti, 100, ONE, liked=True) == same
    assert same < loss_of_less(spaghetti, 100, Decimal("0.5"))
    assert loss_of_less(spaghetti, 100, Decimal("0.5")) < loss_of_less(spaghetti, 100, Decimal(0))
    assert loss_of_less(spaghetti, 100, Decimal(0)) == 200


def test_a_liked_brand_is_given_up_last() -> None:
    mine, other = goods("a", title="Soap", brand="Own"), goods("b", title="Soap", brand="Other")

    likes, does_not = (loss_of_swap(mine, other, 100, ONE, liked=liked) for liked in (True, False))

    assert round(likes - does_not) == 20


def test_qualities_are_read_from_the_name() -> None:
    assert qualities("Farm 12 Free-Range Eggs, organic") == {"free range", "organic"}
