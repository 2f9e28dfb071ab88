"""Whole packs for what a recipe needs."""

from decimal import Decimal
from typing import Any

import pytest

from knowledge.recipes.measures import measured
from knowledge.recipes.models import Amount, Unit
from knowledge.recipes.packs import Packs, cover, cover_count, cover_packs, cover_parts
from tests.market import goods

BY_WEIGHT: dict[str, Any] = {
    "sell_by": "weight",
    "unit": "kg",
    "step": Decimal("0.1"),
    "min_quantity": Decimal("0.2"),
}


@pytest.mark.parametrize(
    ("size", "number", "unit", "name", "packs"),
    [
        ("500 g", "500", "g", "beef", "1"),
        ("450 g", "500", "g", "beef", "1"),  # ten percent short will do
        ("400 g", "500", "g", "beef", "2"),
        ("400 g", "800", "g", "tomatoes", "2"),
        ("1 kg", "2", "piece", "onions", "1"),
        ("1 kg", "10", "piece", "onions", "2"),
        ("6 x 330 ml", "3", "l", "cola", "2"),
        ("4 x 70 g", "8", "piece", "burger buns", "2"),
        ("12 pieces", "3", "piece", "eggs", "1"),
        ("12 pieces", "18", "piece", "eggs", "2"),
        ("60 g", "2", "tsp", "ground cumin", "1"),
        ("250 ml", "4", "tbsp", "soy sauce", "1"),
        ("2 kg", "1", "cup", "flour", "1"),
        ("20 g", "1", "bunch", "chives", "1"),
    ],
)
def test_packs_cover_the_amount(size: str, number: str, unit: Unit, name: str, packs: str) -> None:
    product = goods("p", title=name, size=size)

    found = cover(product, measured(Amount(Decimal(number), unit), name))

    assert found is not None
    assert found.quantity == Decimal(packs)


def test_goods_by_weight_come_in_their_steps() -> None:
    product = goods("p", title="Onions by Weight", **BY_WEIGHT)

    def bought(number: str) -> Decimal | None:
        found = cover(product, measured(Amount(Decimal(number), "piece"), "onions"))
        return None if found is None else found.quantity

    assert [bought(number) for number in ("1", "2", "3")] == [
        Decimal("0.2"),
        Decimal("0.3"),
        Decimal("0.5"),
    ]


def test_a_bunch_is_no_stalk() -> None:
    celery = goods("p", title="Celery", size="1 piece", attributes={"net_weight_g": "500"})

    found = cover(celery, measured(Amount(Decimal(3), "piece"), "celery stalks"))

    assert found is not None
    assert found.quantity == 1


def test_what_cannot_be_measured_is_not_guessed_at() -> None:
    assert cover(goods("p", size=None), measured(Amount(Decimal(300), "g"), "beef")) is None


def test_a_count_is_of_packs_or_of_what_they_hold() -> None:
    paper = goods("p", title="Toilet Paper", size="9 rolls")
    eggs = goods("e", title="Eggs", size="12 pieces")
    dozen = measured(Amount(Decimal(12), "piece"), "eggs")

    assert cover_count(paper, Decimal(2), None) == Packs(Decimal(2))
    bars = goods("b", title="Bars", size="6 x 30 g")
    assert cover_count(bars, Decimal(12), None) == Packs(Decimal(2), Decimal(0))
    assert cover_packs(bars, Decimal(12)) == Packs(Decimal(12))
    found = cover_count(eggs, Decimal(12), dozen)
    assert found is not None
    assert found.quantity == 1
    assert cover_parts(paper, Decimal(18)).quantity == Decimal(2)
