"""Fits a recipe to servings, diets and what is not wanted: what is bought, replaced, left out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from knowledge.errors import Conflict
from knowledge.recipes.amounts import scaled
from knowledge.recipes.matching import Candidate, Limits, Matcher, says
from knowledge.recipes.models import Amount, Ingredient, Recipe


@dataclass(frozen=True, slots=True)
class Part:
    """One ingredient as it will be used.

    ``candidates`` are the products it could be; none for what is not bought. ``instead_of`` is
    what it replaces, ``left_out`` and ``missing`` say why it is not there.
    """

    name: str
    amount: Amount | None
    query: str
    note: str | None = None
    candidates: tuple[Candidate, ...] = ()
    optional: bool = False
    pantry: bool = False
    instead_of: str | None = None
    left_out: str | None = None
    missing: str | None = None


class DishRefused(Conflict):
    """What must not be in it is the heart of the dish."""

    def __init__(self, recipe: Recipe, ingredient: str, reason: str) -> None:
        super().__init__(f"{recipe.title} would be another dish without {ingredient}: {reason}.")
        self.recipe = recipe


def adapt(
    recipe: Recipe,
    servings: int,
    limits: Limits,
    matcher: Matcher,
    *,
    staples: bool = False,
) -> list[Part]:
    """Every ingredient in its order. Raises ``DishRefused``.

    ``staples`` are bought only when they are asked for.
    """
    adapter = _Adapter(recipe, servings, limits, matcher)
    return [
        adapter.part(ingredient, pantry=ingredient.staple and not staples)
        for ingredient in recipe.ingredients
    ]


class _Adapter:
    def __init__(self, recipe: Recipe, servings: int, limits: Limits, matcher: Matcher) -> None:
        self._recipe = recipe
        self._servings = servings
        self._limits = limits
        self._matcher = matcher

    def part(self, ingredient: Ingredient, *, pantry: bool) -> Part:
        part = Part(
            name=ingredient.name,
            amount=self._amount(ingredient),
            query=ingredient.query,
            note=ingredient.note,
            optional=ingredient.optional,
            pantry=pantry,
        )
        unwanted = next((word for word in self._limits.words if _is(ingredient, word)), None)
        if unwanted is None:
            found = self._matcher.find(ingredient.query, self._limits, ingredient.category)
            if found:
                return part if pantry else replace(part, candidates=tuple(found))
            if not self._matcher.sold(ingredient.query, ingredient.category):
                why = self._matcher.why_none(ingredient.query, ingredient.category)
                return part if pantry else replace(part, missing=why)
        for query in _replacements(ingredient, self._limits):
            found = self._matcher.find(query, self._limits)
            if found:
                part = replace(part, name=query, query=query, instead_of=ingredient.name)
                return part if pantry else replace(part, candidates=tuple(found))
        return self._without(part, ingredient, unwanted)

    def _without(self, part: Part, ingredient: Ingredient, unwanted: str | None) -> Part:
        reason = f"no {unwanted} wanted" if unwanted else _no_suitable(self._limits)
        occasion = self._recipe.kind == "occasion"
        if ingredient.without_ok or ingredient.optional or occasion:
            return replace(part, left_out=reason, pantry=False)
        lax = replace(self._limits, words=())
        if unwanted is None and self._matcher.find(ingredient.query, lax, ingredient.category):
            if part.pantry:
                return part
            named = " or ".join(self._limits.words)
            return replace(part, missing=f"all here contain {named}", pantry=False)
        raise DishRefused(self._recipe, ingredient.name, reason)

    def _amount(self, ingredient: Ingredient) -> Amount | None:
        amount = ingredient.amount
        if amount is None:
            return None
        servings, to = self._recipe.servings, self._servings
        if (
            amount.unit == "bunch"
            and to > servings
            and (ingredient.optional or ingredient.without_ok)
        ):
            return replace(amount, number=_fewer(amount.number, Decimal(to) / servings))
        amount = scaled(amount, servings=servings, to=to)
        if says(ingredient.name, "egg") and amount.unit == "piece":
            return replace(amount, number=amount.number.to_integral_value(ROUND_CEILING))
        return amount


def _fewer(bunches: Decimal, times: Decimal) -> Decimal:
    """A garnish for four times as many is twice the herbs."""
    return (bunches * times.sqrt()).to_integral_value(ROUND_HALF_UP)


def _is(ingredient: Ingredient, word: str) -> bool:
    return says(ingredient.name, word) or says(ingredient.query, word)


def _replacements(ingredient: Ingredient, limits: Limits) -> Iterator[str]:
    """Those for the diets and allergens in question first, then all others."""
    asked = (*limits.diets, *limits.allergens)
    ordered = [ingredient.replace[name] for name in asked if name in ingredient.replace]
    for query in dict.fromkeys((*ordered, *ingredient.replace.values())):
        if not any(says(query, word) for word in limits.words):
            yield query


def _no_suitable(limits: Limits) -> str:
    """Why nothing fits: "none here is known to be vegan and free of nuts"."""
    diets = [diet.replace("_", " ") for diet in limits.diets]
    free = [f"free of {' and '.join(limits.allergens)}"] if limits.allergens else []
    return f"none here is known to be {' and '.join([*diets, *free])}"
