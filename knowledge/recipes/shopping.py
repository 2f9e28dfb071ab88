"""Turns the ingredients of a dish into things to buy, each with the ways to buy it (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from knowledge.recipes.adapting import Part
from knowledge.recipes.amounts import amount_text
from knowledge.recipes.baskets import Cost, Slot, options_for, with_less
from knowledge.recipes.measures import Measured, measured
from knowledge.recipes.packs import cover
from knowledge.recommend.product_kind import singular

_OPTIONAL_WEIGHT = 0.6
_MORE_MATTERS = 4


def slots_for(
    parts: Sequence[Part],
    *,
    cost: Cost,
    held: Mapping[str, Decimal],
    brands: Sequence[str] = (),
    occasion: bool = False,
) -> list[Slot]:
    """One for each thing to buy; what a dish needs twice is bought once.

    Nothing of an ``occasion`` has to be there; what there is most of is left out last.
    """
    together: dict[tuple[str, ...], list[Part]] = {}
    for part in parts:
        if part.candidates:
            key = tuple(one.product.id for one in part.candidates)
            together.setdefault(key, []).append(part)
    slots = [_slot(same, cost, held, brands) for same in together.values()]
    if not occasion:
        return slots
    masses = [_mass(same) for same in together.values()]
    whole = sum(masses) or 1.0
    weighed = [
        replace(slot, optional=True, weight=slot.weight * (1 + _MORE_MATTERS * mass / whole))
        for slot, mass in zip(slots, masses, strict=True)
    ]
    return [with_less(slot, cost) for slot in weighed]


def _mass(parts: Sequence[Part]) -> float:
    needed = _needed(parts)
    return float((needed and needed.kilograms) or 0)


def _slot(
    same: Sequence[Part], cost: Cost, held: Mapping[str, Decimal], brands: Sequence[str]
) -> Slot:
    needed = _needed(same)
    options, problem = options_for(
        same[0].candidates,
        lambda product: cover(product, needed),
        cost=cost,
        held=held,
        brands=brands,
    )
    optional = all(part.optional for part in same)
    purpose = f"for {' and '.join(called(part) for part in same)}"
    return Slot(
        names=tuple(part.name for part in same),
        options=options,
        optional=optional,
        problem=problem,
        age_limited=problem is not None
        and any(one.product.age_limit for one in same[0].candidates),
        purpose=f"{purpose}, optional" if optional else purpose,
        weight=_OPTIONAL_WEIGHT if optional else 1.0,
    )


def called(part: Part) -> str:
    """An ingredient with its amount: "500 g ground beef"."""
    if part.amount is None:
        return part.name
    name = part.name
    if part.amount.unit == "piece" and part.amount.number <= 1:
        first, _, last = name.rpartition(" ")
        name = f"{first} {singular(last)}".lstrip()
    return f"{amount_text(part.amount)} {name}"


def _needed(parts: Sequence[Part]) -> Measured | None:
    each = [
        measured(part.amount, part.name, part.query) for part in parts if part.amount is not None
    ]
    if not each:
        return None
    return Measured(
        _sum([one.kilograms for one in each]),
        _sum([one.litres for one in each]),
        _sum([one.pieces for one in each]),
        bunches=all(one.bunches for one in each),
    )


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [one for one in amounts if one is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None
