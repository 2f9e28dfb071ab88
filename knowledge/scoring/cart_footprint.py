"""Greenhouse gases and eco grade of everything in a cart together."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from knowledge.catalog.models import Product
from knowledge.catalog.units import item_mass_kg
from knowledge.scoring.eco_grade import Grade, carbon_points, eco_grade, grade_of

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class CartFootprint:
    """None when no line has a figure. ``unknown`` lines are in no sum."""

    kg_co2e: Decimal | None
    low: Decimal | None
    high: Decimal | None
    grade: Grade | None
    unknown: int


def cart_footprint(lines: Iterable[tuple[Product, Decimal]]) -> CartFootprint:
    """The grade is that of the mean kilogram: all gases by all mass, bonus and malus by mass."""
    total = low = high = mass = Decimal(0)
    merits = 0.0
    unknown = 0
    for product, quantity in lines:
        eco = eco_grade(product)
        one = item_mass_kg(product)
        figure = eco.carbon.kg_per_kg
        if one is None or figure is None:
            unknown += 1
            continue
        weight = one * quantity
        mass += weight
        total += figure * weight
        low += (eco.carbon.low or figure) * weight
        high += (eco.carbon.high or figure) * weight
        merits += eco.adjustment * float(weight)
    if not mass:
        return CartFootprint(None, None, None, None, unknown)
    score = carbon_points(float(total / mass)) + merits / float(mass)
    return CartFootprint(
        total.quantize(_HUNDREDTH),
        low.quantize(_HUNDREDTH),
        high.quantize(_HUNDREDTH),
        grade_of(score),
        unknown,
    )
