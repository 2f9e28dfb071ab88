"""An eco grade A to E of a product: its greenhouse gases, with bonus and malus for the rest.

The idea is that of the Eco-Score / Green-Score used in France (ADEME, Yuka, Open Food Facts): a
life-cycle figure of the kind of food becomes 0 to 100 points, and what such figures do not see
(certificates, packaging, air freight) moves it. Weights here are our own, smaller, and all shown.
"""

from bisect import bisect_left
from dataclasses import dataclass
from math import log
from typing import Literal

from knowledge.catalog.models import Product
from knowledge.scoring.carbon import CarbonEstimate, carbon
from knowledge.scoring.countries import continent_of, country_code

Grade = Literal["A", "B", "C", "D", "E"]

# kg CO2e per kg -> points; between them the logarithm of the figure is drawn straight, so that
# halving the gases is worth about the same everywhere. The limits are those of the carbon grades.
_CURVE = ((0.2, 100.0), (0.9, 80.0), (1.9, 60.0), (4.2, 40.0), (7.5, 20.0), (40.0, 0.0))
_GRADES: tuple[tuple[float, Grade], ...] = ((80, "A"), (60, "B"), (40, "C"), (20, "D"))

# Certificates: the words of a label, what it is called here, points. Together at most _MOST_LABELS.
_LABELS: tuple[tuple[str, str, int], ...] = (
    ("organic", "organic", 10),
    ("ecocert", "organic", 10),
    ("demeter", "organic", 10),
    ("eu ecolabel", "EU Ecolabel", 10),
    ("blue angel", "Blue Angel", 10),
    ("nordic swan", "Nordic Swan", 10),
    ("rainforest alliance", "Rainforest Alliance", 5),
    ("fairtrade", "Fairtrade", 5),
    ("fair trade", "fair trade", 5),
    ("fair for life", "fair trade", 5),
    ("msc", "MSC certified", 5),
    ("asc", "ASC certified", 5),
    ("fsc", "FSC certified", 5),
    ("pefc", "PEFC certified", 5),
)
_MOST_LABELS = 20
_DECLARED = (("organic", "organic", 10), ("fair_trade", "Fairtrade", 5))

_PACKAGING = (
    ("recycled", 0),
    ("compostable", 0),
    ("plastic", -5),
    ("polystyrene", -5),
    ("paper", 0),
    ("cardboard", 0),
    ("carton", 0),
    ("glass", -1),
    ("steel", -2),
    ("aluminum", -2),
    ("aluminium", -2),
    ("foil", -2),
    ("tin", -2),
)
_UNPACKED = 5
_AIR_FREIGHT = -15
_NEAR = 5
_FAR = -5


@dataclass(frozen=True, slots=True)
class EcoPart:
    """One bonus or malus, in points and words."""

    name: str
    points: int


@dataclass(frozen=True, slots=True)
class EcoGrade:
    """``grade`` and ``score`` are None when no carbon figure is known; the parts still count."""

    grade: Grade | None
    score: float | None
    parts: tuple[EcoPart, ...]
    carbon: CarbonEstimate
    unbounded: float | None = None
    """The score before it is kept within 0 and 100, so that an A can still be bettered."""

    @property
    def adjustment(self) -> int:
        return sum(part.points for part in self.parts)


def eco_grade(product: Product) -> EcoGrade:
    """The same everywhere in the shop; how near a product comes from is ``origin_part``."""
    estimate = carbon(product)
    parts = tuple(part for part in _parts(product) if part.points)
    if estimate.kg_per_kg is None:
        return EcoGrade(None, None, parts, estimate)
    base = carbon_points(float(estimate.kg_per_kg))
    unbounded = base + sum(part.points for part in parts)
    score = min(100.0, max(0.0, unbounded))
    return EcoGrade(grade_of(score), round(score, 1), parts, estimate, unbounded)


def carbon_points(kg_per_kg: float) -> float:
    """100 for 0.2 kg CO2e per kg or less, 0 for 40 or more."""
    if kg_per_kg <= _CURVE[0][0]:
        return 100.0
    if kg_per_kg >= _CURVE[-1][0]:
        return 0.0
    upper = bisect_left([kg for kg, _ in _CURVE], kg_per_kg)
    (low, best), (high, worst) = _CURVE[upper - 1], _CURVE[upper]
    return best + (worst - best) * log(kg_per_kg / low) / log(high / low)


def origin_part(product: Product, home: str | None) -> EcoPart | None:
    """Near or far from ``home`` (ISO 3166), to tell two products apart; None when neither.

    Not in the grade: transport is within the carbon figure already, for the mean origin.
    """
    origin = country_code(product.origin) if product.origin else None
    if home is None or origin is None:
        return None
    if origin == home:
        return EcoPart(f"from {product.origin}", _NEAR)
    if continent_of(origin) == continent_of(home):
        return None
    return EcoPart(f"from far away ({product.origin})", _FAR)


def grade_of(score: float) -> Grade:
    """A from 80 points, B from 60, C from 40, D from 20, else E."""
    worst: Grade = "E"
    return next((grade for limit, grade in _GRADES if score >= limit), worst)


def _parts(product: Product) -> list[EcoPart]:
    return [
        *_label_parts(product),
        _packaging_part(product),
        EcoPart("flown in", _AIR_FREIGHT if _flown(product) else 0),
    ]


def _label_parts(product: Product) -> list[EcoPart]:
    found: dict[str, int] = {}
    for label in product.labels:
        words = f" {label.lower()} "
        for mark, name, points in _LABELS:
            if mark in words and (len(mark) > len("pefc") or f" {mark} " in words):
                found.setdefault(name, points)
    for diet, name, points in _DECLARED:
        if (
            diet in product.diets
            and name not in found
            and not (diet == "fair_trade" and "fair trade" in found)
        ):
            found[name] = points
    room = _MOST_LABELS
    parts = []
    for name, points in sorted(found.items(), key=lambda item: -item[1]):
        parts.append(EcoPart(name, min(points, room)))
        room -= parts[-1].points
    return parts


def _packaging_part(product: Product) -> EcoPart:
    if not product.packaging:
        loose = product.sell_by != "each" or any(
            word in product.title.lower() for word in ("loose", "refill", "unpackaged")
        )
        return EcoPart("without packaging", _UNPACKED if loose else 0)
    worst, name = 0, ""
    for material in product.packaging:
        points = next((value for word, value in _PACKAGING if word in material.lower()), 0)
        if points < worst:
            worst, name = points, material
    return EcoPart(f"packed in {name}", worst)


def _flown(product: Product) -> bool:
    told = (*product.labels, str(product.attributes.get("transport", "")))
    return any("air freight" in words.lower() or words.lower() == "air" for words in told)
