"""Greenhouse gases of a product: its maker's figure, else that of its kind, else unknown."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from knowledge.catalog.models import Product
from knowledge.catalog.units import item_mass_kg
from knowledge.scoring.carbon_factors import Match, find_factor
from knowledge.scoring.food_kind import is_food
from knowledge.scoring.liquids import sold_by_volume

Quality = Literal["measured", "category", "guess", "unknown"]
Grade = Literal["A", "B", "C", "D", "E"]

GRADE_LIMITS = (Decimal("0.9"), Decimal("1.9"), Decimal("4.2"), Decimal("7.5"))
"""kg CO2e per kg up to which a food is A, B, C, D: the quintiles of the 2,470 foods of
Agribalyse 3.0.1, rounded. One kilogram of an E causes more than eight of an A."""

_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class CarbonEstimate:
    """``kg_per_item`` is for one sold unit. ``low`` and ``high`` span what the sources say."""

    kg_per_kg: Decimal | None
    kg_per_item: Decimal | None
    grade: Grade | None
    source: str | None
    quality: Quality
    drivers: tuple[str, ...]
    low: Decimal | None = None
    high: Decimal | None = None
    kind: str | None = None


_UNKNOWN = CarbonEstimate(None, None, None, None, "unknown", ("no published figure fits",))
_NOT_FOOD = CarbonEstimate(
    None, None, None, None, "unknown", ("no figure from its maker; our sources cover food only",)
)


def carbon(product: Product) -> CarbonEstimate:
    """Never a made-up number: without a source everything is None."""
    own = product.carbon_kg_per_kg
    match = None
    if is_food(product):
        match = kind_of_food(product)
    if own is not None:
        return _measured(product, own, match)
    if match is None:
        return _UNKNOWN if is_food(product) else _NOT_FOOD
    factor = match.factor
    kg = Decimal(str(factor.kg))
    low, high = Decimal(str(factor.low)), Decimal(str(factor.high))
    drivers = [f"counted as {factor.kind}, {_plain(low)} to {_plain(high)} kg between sources"]
    if low == high:
        drivers = [f"counted as {factor.kind}, one source only"]
    if factor.mostly:
        drivers.append(factor.mostly)
    return CarbonEstimate(
        kg_per_kg=kg,
        kg_per_item=_per_item(product, kg),
        grade=carbon_grade(kg),
        source=", ".join(factor.sources),
        quality="category" if match.by_name else "guess",
        drivers=tuple(drivers),
        low=low,
        high=high,
        kind=factor.kind,
    )


def kg_per_kg(product: Product) -> float | None:
    """The figure of ``carbon`` alone, for sorting a whole catalog by it."""
    if product.carbon_kg_per_kg is not None:
        return float(product.carbon_kg_per_kg)
    match = kind_of_food(product) if is_food(product) else None
    return None if match is None else match.factor.kg


def kind_of_food(product: Product) -> Match | None:
    """The kind of food a product is, as far as its name or shelf tells."""
    return find_factor(
        product.title,
        product.brand,
        product.category,
        vegan="vegan" in product.diets,
        liquid=sold_by_volume(product),
    )


def carbon_grade(kg_per_kg: Decimal) -> Grade:
    grades: tuple[Grade, ...] = ("A", "B", "C", "D", "E")
    return grades[sum(kg_per_kg > limit for limit in GRADE_LIMITS)]


def _measured(product: Product, own: Decimal, match: Match | None) -> CarbonEstimate:
    drivers = ["stated by its maker"]
    if match is not None:
        usual = Decimal(str(match.factor.kg))
        if usual and abs(own - usual) / usual >= _TENTH:
            side = "below" if own < usual else "above"
            drivers.append(f"{side} the usual {_plain(usual)} kg of {match.factor.kind}")
        if match.factor.mostly:
            drivers.append(match.factor.mostly)
    return CarbonEstimate(
        kg_per_kg=own,
        kg_per_item=_per_item(product, own),
        grade=carbon_grade(own),
        source="the maker's figure",
        quality="measured",
        drivers=tuple(drivers),
        low=own,
        high=own,
        kind=match.factor.kind if match else None,
    )


def _per_item(product: Product, kg_per_kg: Decimal) -> Decimal | None:
    mass = item_mass_kg(product)
    return None if mass is None else (mass * kg_per_kg).quantize(_HUNDREDTH)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
