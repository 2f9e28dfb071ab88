"""Checks the facts another source gives, as JSON, and makes of them what a product holds."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from knowledge.catalog.enrichment.filling import ATTRIBUTE
from knowledge.catalog.models import ALLERGENS, DIETS, Nutrition
from knowledge.catalog.record import NUTRITION_FIELDS, NutritionRecord

_TEXTS = frozenset({"ingredients", "origin"})
_LISTS = frozenset({"labels", "packaging"})
_CHOICES = {"allergens": ALLERGENS, "traces": ALLERGENS, "diets": DIETS}
_MOST_TEXT = 5000
_MOST_NAMES = 20
_MOST_CARBON = Decimal(200)


def usable(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What can be believed; anything odd is left out, and unknown stays unknown."""
    found: dict[str, Any] = {}
    for name, value in facts.items():
        if name in _TEXTS or name.startswith(ATTRIBUTE):
            found[name] = _text(value)
        elif name in _LISTS:
            found[name] = _names(value)
        elif name in _CHOICES:
            names = _names(value)
            known = all(one in _CHOICES[name] for one in names or ())
            found[name] = names if known else None
        elif name == "nutrition":
            found[name] = _nutrition(value)
        elif name == "carbon_kg_per_kg":
            found[name] = _carbon(value)
    return {name: value for name, value in found.items() if value}


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return " ".join(value.replace("\x00", "").split())[:_MOST_TEXT] or None


def _names(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        return None
    return tuple(text for one in value[:_MOST_NAMES] if (text := _text(one))) or None


def _nutrition(value: object) -> Nutrition | None:
    if not isinstance(value, dict):
        return None
    known = {name: value[name] for name in NUTRITION_FIELDS if value.get(name) is not None}
    try:
        record = NutritionRecord.model_validate(known)
    except ValidationError:
        return None  # one impossible figure makes the others doubtful
    nutrition = Nutrition(**{name: getattr(record, name) for name in NUTRITION_FIELDS})
    return None if nutrition == Nutrition() else nutrition


def _carbon(value: object) -> Decimal | None:
    try:
        amount = Decimal(str(value)).quantize(Decimal("0.0001"))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount < _MOST_CARBON else None
