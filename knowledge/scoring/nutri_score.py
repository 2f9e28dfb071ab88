"""Nutri-Score 2023: points from the nutrition of 100 g or 100 ml, and the grade A to E.

Algorithm of the Scientific Committee of the Nutri-Score (reports of July 2022 and February 2023),
as in the "Questions and Answers" and the calculation sheet of Santé publique France, in force
since 31 December 2023.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.catalog.models import NutritionClass, Product
from knowledge.scoring.nutrition_class import nutrition_class
from knowledge.scoring.sweeteners import has_sweetener

Grade = Literal["A", "B", "C", "D", "E"]
GRADES: tuple[Grade, ...] = ("A", "B", "C", "D", "E")

KJ_PER_KCAL = 4.184
_KJ_PER_GRAM_OF_FAT = 37  # Regulation (EU) No 1169/2011, Annex XIV

# A value above the n-th threshold earns n points.
_ENERGY = (335, 670, 1005, 1340, 1675, 2010, 2345, 2680, 3015, 3350)
_SUGARS = (3.4, 6.8, 10, 14, 17, 20, 24, 27, 31, 34, 37, 41, 44, 48, 51)
_SATURATES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
_SALT = (
    0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0,
    2.2, 2.4, 2.6, 2.8, 3.0, 3.2, 3.4, 3.6, 3.8, 4.0,
)  # fmt: skip
_PROTEIN = (2.4, 4.8, 7.2, 9.6, 12, 14, 17)
_FIBER = (3.0, 4.1, 5.2, 6.3, 7.4)
_PLANTS = (40, 60, 80, 80, 80)

_DRINK_ENERGY = (30, 90, 150, 210, 240, 270, 300, 330, 360, 390)
_DRINK_SUGARS = (0.5, 2, 3.5, 5, 6, 7, 8, 9, 10, 11)
_DRINK_PROTEIN = (1.2, 1.5, 1.8, 2.1, 2.4, 2.7, 3.0)
_DRINK_PLANTS = (40, 40, 60, 60, 80, 80)
_SWEETENER_POINTS = 4

_FAT_ENERGY = (120, 240, 360, 480, 600, 720, 840, 960, 1080, 1200)
_FAT_RATIO = (10, 16, 22, 28, 34, 40, 46, 52, 58, 64)  # reached, not exceeded

_PROTEIN_LIMIT = 11
_FAT_PROTEIN_LIMIT = 7
_RED_MEAT_PROTEIN = 2

_GENERAL_GRADES = (0, 2, 10, 18)
_FAT_GRADES = (-6, 2, 10, 18)
_DRINK_GRADES = (2, 6, 9)


@dataclass(frozen=True, slots=True)
class NutriPart:
    """One line of the sum: what was measured and the points it gave (positive is worse)."""

    name: str
    value: str
    points: int


@dataclass(frozen=True, slots=True)
class NutriScore:
    """``points`` run from -17 (best) to 55. ``assumed`` says what the maker did not state."""

    grade: Grade
    points: int
    parts: tuple[NutriPart, ...]
    nutrition_class: NutritionClass
    assumed: tuple[str, ...] = ()


def nutri_score(product: Product) -> NutriScore | None:
    """None when a needed figure is unknown or the scheme leaves such products out."""
    kind, class_assumed = nutrition_class(product)
    if kind is None:
        return None
    if kind == "water":
        return NutriScore("A", 0, (), kind)
    facts = product.nutrition
    if facts is None:
        return None
    needed = (facts.energy_kcal, facts.sugars, facts.saturated_fat, facts.salt, facts.protein)
    if any(value is None for value in needed):
        return None
    if kind == "fat_oil_nut" and facts.fat is None:
        return None
    energy, sugars, saturates, salt, protein = (float(value or 0) for value in needed)
    fiber, plants = float(facts.fiber or 0), float(facts.fruit_vegetable_percent or 0)
    assumed = [class_assumed] if class_assumed else []
    assumed += ["no fibre stated"] if facts.fiber is None else []
    assumed += ["no fruit or vegetables stated"] if facts.fruit_vegetable_percent is None else []

    drink = kind == "beverage"
    worse = [
        _part("sugars", sugars, "g", _DRINK_SUGARS if drink else _SUGARS),
        _part("salt", salt, "g", _SALT),
    ]
    if kind == "fat_oil_nut":
        worse += _fat_parts(saturates, float(facts.fat or 0))
    else:
        kilojoules = round(energy * KJ_PER_KCAL, 3)
        worse += [
            _part("energy", kilojoules, "kJ", _DRINK_ENERGY if drink else _ENERGY),
            _part("saturated fat", saturates, "g", _SATURATES),
        ]
    if drink and has_sweetener(product):
        worse.append(NutriPart("sweeteners", "present", _SWEETENER_POINTS))
    negative = sum(part.points for part in worse)

    better = [
        _part("fiber", fiber, "g", _FIBER, sign=-1),
        _part("fruit and vegetables", plants, "%", _DRINK_PLANTS if drink else _PLANTS, sign=-1),
    ]
    if _protein_counts(kind, negative):
        better.append(_protein_part(kind, protein))
    points = negative + sum(part.points for part in better)
    return NutriScore(_grade(kind, points), points, (*worse, *better), kind, tuple(assumed))


def grade_index(grade: str) -> int:
    """0 for A to 4 for E."""
    return GRADES.index(grade)


def _part(
    name: str, value: float, unit: str, thresholds: Sequence[float], *, sign: int = 1
) -> NutriPart:
    return NutriPart(name, f"{value:g} {unit}", sign * bisect_left(thresholds, value))


def _fat_parts(saturates: float, fat: float) -> list[NutriPart]:
    ratio = saturates / fat * 100 if fat else 0.0
    energy = saturates * _KJ_PER_GRAM_OF_FAT
    return [
        _part("energy from saturated fat", round(energy, 3), "kJ", _FAT_ENERGY),
        NutriPart(
            "saturated part of fat", f"{ratio:.0f} %", bisect_right(_FAT_RATIO, round(ratio, 6))
        ),
    ]


def _protein_counts(kind: NutritionClass, negative: int) -> bool:
    """Protein stands for iron and calcium; in foods that score badly it would hide sugar."""
    if kind in ("beverage", "cheese"):
        return True
    return negative < (_FAT_PROTEIN_LIMIT if kind == "fat_oil_nut" else _PROTEIN_LIMIT)


def _protein_part(kind: NutritionClass, protein: float) -> NutriPart:
    thresholds: Sequence[float] = _DRINK_PROTEIN if kind == "beverage" else _PROTEIN
    if kind == "red_meat":
        thresholds = _PROTEIN[:_RED_MEAT_PROTEIN]
    return _part("protein", protein, "g", thresholds, sign=-1)


def _grade(kind: NutritionClass, points: int) -> Grade:
    if kind == "beverage":
        return GRADES[1 + bisect_left(_DRINK_GRADES, points)]
    limits = _FAT_GRADES if kind == "fat_oil_nut" else _GENERAL_GRADES
    return GRADES[bisect_left(limits, points)]
