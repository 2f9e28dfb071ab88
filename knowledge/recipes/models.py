"""What a recipe is: a dish or an occasion, its servings, ingredients and steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

RecipeKind = Literal["recipe", "occasion"]
Unit = Literal[
    "g", "kg", "ml", "l", "piece", "tbsp", "tsp", "cup", "clove", "can", "slice", "bunch", "pinch"
]


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of something, as bought (raw weight)."""

    number: Decimal
    unit: Unit


@dataclass(frozen=True, slots=True)
class Ingredient:
    """``amount`` None is "to taste". ``query`` is what to look for in the shop.

    ``staple``: most kitchens have it. ``optional``: first to go when money is short.
    ``without_ok``: the dish works without it. ``replace``: a diet, an allergen or "any", and what
    to look for instead.
    """

    name: str
    query: str
    amount: Amount | None = None
    category: str | None = None
    staple: bool = False
    optional: bool = False
    without_ok: bool = False
    note: str | None = None
    replace: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipe:
    """``diets`` are those the dish suits as written, whatever brands are chosen."""

    id: str
    title: str
    servings: int
    ingredients: tuple[Ingredient, ...]
    kind: RecipeKind = "recipe"
    minutes: int | None = None
    diets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    source: str | None = None
