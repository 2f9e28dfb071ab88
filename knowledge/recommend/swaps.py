"""Replacements that are strictly better on one goal, with the difference each makes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from knowledge.catalog.models import Product
from knowledge.catalog.units import item_mass_kg, unit_price
from knowledge.money import Money
from knowledge.recommend.candidates import enough_stock
from knowledge.recommend.wishes import keeps_diets, kept_diets
from knowledge.scoring.eco_grade import EcoGrade, carbon_points, eco_grade, origin_part
from knowledge.scoring.nutri_score import grade_index, nutri_score

Goal = Literal["cheaper", "greener", "healthier"]

_LOWER_CARBON = Decimal("0.9")
_CARBON_TOLERANCE = Decimal("1.1")
_ECO_POINTS = 5.0
_LIKENESS_WEIGHT = 0.5
_HUNDREDTH = Decimal("0.01")
_ECO_RANGE = 40.0
_NUTRI_RANGE = 20.0


@dataclass(frozen=True, slots=True)
class SwapFound:
    """``gain`` is 0 to 1 on the goal; ``score`` also counts how alike the two are.

    ``price_difference`` is for the quantity asked; ``kg_co2e_difference`` for the same amount of
    food as before, since the new pack may hold more or less.
    """

    original: Product
    replacement: Product
    quantity: Decimal
    price_difference: Money
    kg_co2e_difference: Decimal | None
    grade_before: str | None
    grade_after: str | None
    reason: str
    gain: float
    score: float


@dataclass(frozen=True, slots=True)
class _Better:
    gain: float
    reason: str
    before: str | None = None
    after: str | None = None


def better_swaps(
    original: Product,
    quantity: Decimal,
    goal: Goal,
    candidates: Iterable[tuple[Product, float]],
    *,
    home: str | None = None,
) -> list[SwapFound]:
    """Best first. Empty when nothing is strictly better and keeps the diets of the original."""
    diets = kept_diets(original)
    found = []
    for candidate, alike in candidates:
        if not enough_stock(candidate, quantity):
            continue
        better = _GOALS[goal](original, candidate, home)
        if better is not None and keeps_diets(diets, candidate):
            found.append(_swap(original, candidate, quantity, better, alike))
    return sorted(found, key=lambda swap: (-swap.score, swap.replacement.id))


def _swap(
    original: Product, candidate: Product, quantity: Decimal, better: _Better, alike: float
) -> SwapFound:
    difference = ((candidate.price - original.price) * quantity).rounded()
    return SwapFound(
        original=original,
        replacement=candidate,
        quantity=quantity,
        price_difference=difference,
        kg_co2e_difference=_carbon_difference(original, candidate, quantity),
        grade_before=better.before,
        grade_after=better.after,
        reason=better.reason,
        gain=better.gain,
        score=_LIKENESS_WEIGHT * alike + better.gain,
    )


def _carbon_difference(original: Product, candidate: Product, quantity: Decimal) -> Decimal | None:
    before, after = eco_grade(original).carbon, eco_grade(candidate).carbon
    mass = item_mass_kg(original)
    if before.kg_per_kg is None or after.kg_per_kg is None or mass is None:
        return None
    if not _comparable(eco_grade(original), eco_grade(candidate)):
        return Decimal(0)
    return ((after.kg_per_kg - before.kg_per_kg) * mass * quantity).quantize(_HUNDREDTH)


def _cheaper(original: Product, candidate: Product, home: str | None) -> _Better | None:
    del home
    if candidate.price.amount >= original.price.amount:
        return None
    before, after = unit_price(original), unit_price(candidate)
    if (before is None) != (after is None):
        return None
    if before is None or after is None:
        share = 1 - candidate.price.amount / original.price.amount
        return _Better(float(share), f"costs {_percent(share)} less")
    if before.unit != after.unit or after.price.amount >= before.price.amount:
        return None
    share = 1 - after.price.amount / before.price.amount
    words = f"{after.price.display()} instead of {before.price.display()} per {after.unit}"
    return _Better(float(share), words)


def _greener(original: Product, candidate: Product, home: str | None) -> _Better | None:
    """Less gas per kg, or no more gas and better certificates, packaging or origin."""
    before, after = eco_grade(original), eco_grade(candidate)
    old, new = before.carbon.kg_per_kg, after.carbon.kg_per_kg
    if (old is None) != (new is None):
        return None
    merits = _merits(candidate, after, home) - _merits(original, before, home)
    reasons: list[str] = []
    points = float(merits)
    if old is not None and new is not None and _comparable(before, after):
        points += carbon_points(float(new)) - carbon_points(float(old))
        if new <= old * _LOWER_CARBON:
            share = _percent(1 - new / old)
            reasons = [f"{share} less CO2e per kg ({_plain(new)} instead of {_plain(old)} kg)"]
        elif new > old * _CARBON_TOLERANCE:
            return None
    if points <= 0 or (not reasons and points < _ECO_POINTS):
        return None
    reasons += _merits_gained(original, candidate, home)
    if not reasons:
        return None
    gain = min(1.0, points / _ECO_RANGE)
    return _Better(gain, ", ".join(reasons), before.grade, after.grade)


def _merits(product: Product, grade: EcoGrade, home: str | None) -> int:
    origin = origin_part(product, home)
    return grade.adjustment + (origin.points if origin else 0)


def _merits_gained(original: Product, candidate: Product, home: str | None) -> list[str]:
    had, has = _merit_names(original, home), _merit_names(candidate, home)
    gained = [name for name, points in has.items() if points > 0 and name not in had]
    rid = [f"not {name}" for name, points in had.items() if points < 0 and name not in has]
    return gained + rid


def _merit_names(product: Product, home: str | None) -> dict[str, int]:
    origin = origin_part(product, home)
    parts = (*eco_grade(product).parts, *((origin,) if origin else ()))
    return {part.name: part.points for part in parts}


def _comparable(before: EcoGrade, after: EcoGrade) -> bool:
    """A maker's figure says nothing against the mean of the very same kind of food."""
    if before.carbon.kind is None or before.carbon.kind != after.carbon.kind:
        return True
    return after.carbon.quality == "measured"


def _healthier(original: Product, candidate: Product, home: str | None) -> _Better | None:
    del home
    before, after = nutri_score(original), nutri_score(candidate)
    if before is None or after is None:
        return None
    steps = grade_index(before.grade) - grade_index(after.grade)
    points = before.points - after.points
    same_table = before.nutrition_class == after.nutrition_class
    if steps < 0 or (steps == 0 and (not same_table or points <= 0)):
        return None
    if steps == 0:
        words = f"Nutri-Score {after.grade} as well, {points} points better"
    else:
        words = f"Nutri-Score {after.grade} instead of {before.grade}"
    why = _why_healthier(original, candidate)
    gain = min(1.0, (max(points, 0) if same_table else 0) / _NUTRI_RANGE + steps / 4)
    return _Better(gain, words + (f": {why}" if why else ""), before.grade, after.grade)


def _why_healthier(original: Product, candidate: Product) -> str:
    """The two largest relative improvements, in figures per 100 g or ml."""
    old, new = original.nutrition, candidate.nutrition
    if old is None or new is None:
        return ""
    changes: list[tuple[Decimal, str]] = []
    for name, words, more_is_better in (
        ("sugars", "sugar", False),
        ("saturated_fat", "saturated fat", False),
        ("salt", "salt", False),
        ("fiber", "fiber", True),
        ("protein", "protein", True),
    ):
        before, after = getattr(old, name), getattr(new, name)
        if before is None or after is None or before == after:
            continue
        if (after > before) is more_is_better:
            share = abs(after - before) / max(after, before)
            changes.append((share, f"{_plain(after)} g {words} instead of {_plain(before)} g"))
    best = sorted(changes, key=lambda change: -change[0])[:2]
    return ", ".join(words for _, words in best)


def _percent(share: Decimal) -> str:
    return f"{share * 100:.0f} %"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


_GOALS: dict[Goal, Callable[[Product, Product, str | None], _Better | None]] = {
    "cheaper": _cheaper,
    "greener": _greener,
    "healthier": _healthier,
}
