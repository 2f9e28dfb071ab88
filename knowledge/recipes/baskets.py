"""Chooses the products and packs of a basket: sensible ones, or the best set under a budget."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from knowledge.carts.quantities import MOST, most_available
from knowledge.catalog.models import Product
from knowledge.catalog.units import unit_price
from knowledge.money import Money, minor_units
from knowledge.optimise.choosing import Choice, cheapest, choose
from knowledge.recipes.matching import Candidate
from knowledge.recipes.packs import Packs, cover

_PRICE = 0.35
_LEFT_OVER = 0.15
_RATING = 0.1
_USUAL_RATING = 4.0
_BRAND = 0.15
_EACH_PACK = 0.02
_NOT_EXACT = 0.1
_MOST_PACKS = Decimal(24)
_LEAVING_OUT = -100.0
_LESS = -30.0
_SEVERAL = 3
Covering = Callable[[Product], Packs | None]
Cost = Callable[[Product, Decimal], Money]


@dataclass(frozen=True, slots=True)
class Option:
    """A product and how much of it; ``value`` weighs what it is against what it costs."""

    product: Product
    quantity: Decimal
    cost: Money
    value: float
    fit: float
    exact: bool = True
    less: bool = False
    """Less than was asked for, to keep to a budget."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to buy and the ways to buy it. ``problem`` says why there is none.

    ``weight`` is what leaving an optional one out counts, against another of them.
    """

    names: tuple[str, ...]
    options: tuple[Option, ...]
    optional: bool = False
    problem: str | None = None
    age_limited: bool = False
    """The problem is that an age limit would have been chosen silently."""
    purpose: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Basket:
    """``picks`` by slot, None for what is left out. ``within`` is False over the limit."""

    picks: tuple[Option | None, ...]
    within: bool = True


def options_for(
    candidates: Sequence[Candidate],
    covering: Covering,
    *,
    cost: Cost,
    held: Mapping[str, Decimal],
    brands: Sequence[str] = (),
    of_age: bool = False,
    by_unit: bool = False,
) -> tuple[tuple[Option, ...], str | None]:
    """What can be bought of it, and when nothing can, why.

    ``held`` is in the cart already. Without ``of_age`` nothing with an age limit is chosen. With
    ``by_unit`` a usual size is preferred to the smallest: the price of a kilogram counts, too.
    """
    problem: str | None = None
    found: list[tuple[Candidate, Packs]] = []
    for one in candidates:
        product = one.product
        if product.age_limit and not of_age:
            problem = (
                problem
                or f"sold from age {product.age_limit} only, so it has to be asked for by name"
            )
            continue
        packs = covering(product) or cover(product, None)
        if packs is None or packs.quantity > _most(product):
            continue
        there = held.get(product.id, Decimal(0))
        if most_available(product, there + packs.quantity) < there + packs.quantity:
            problem = problem or "not enough in stock"
            continue
        found.append((one, packs))
    costs = [cost(one.product, packs.quantity) for one, packs in found]
    dearness = _dearness(costs)
    if by_unit:
        dearness = _with_unit_prices(dearness, [one.product for one, _ in found])
    options = tuple(
        Option(
            one.product,
            packs.quantity,
            price,
            _value(one, packs, brands) - _PRICE * dear,
            one.fit,
            one.exact,
        )
        for (one, packs), price, dear in zip(found, costs, dearness, strict=True)
    )
    return options, None if options else problem or "not to be had here now"


def _most(product: Product) -> Decimal:
    return _MOST_PACKS if product.sell_by == "each" else MOST


def _dearness(prices: Sequence[Money]) -> list[float]:
    """Each against the lowest, on a scale of proportions; free things are the lowest."""
    amounts = [float(price.amount) for price in prices]
    least = min((amount for amount in amounts if amount > 0), default=1.0)
    return [math.log(max(amount, least) / least) for amount in amounts]


def _with_unit_prices(dearness: list[float], products: Sequence[Product]) -> list[float]:
    """The mean of both, where all are priced by the same unit."""
    units = [unit_price(product) for product in products]
    prices = [one.price for one in units if one is not None]
    if len(prices) < len(units) or len({one.unit for one in units if one is not None}) != 1:
        return dearness
    return [(a + b) / 2 for a, b in zip(dearness, _dearness(prices), strict=True)]


def with_less(slot: Slot, cost: Cost) -> Slot:
    """The same with one pack of several left away, for when money is short."""
    less = tuple(
        replace(
            one,
            quantity=one.quantity - 1,
            cost=cost(one.product, one.quantity - 1),
            value=one.value + _LESS * slot.weight,
            less=True,
        )
        for one in slot.options
        if one.product.sell_by == "each" and one.quantity >= _SEVERAL
    )
    return replace(slot, options=(*slot.options, *less))


def _value(candidate: Candidate, packs: Packs, brands: Sequence[str]) -> float:
    product = candidate.product
    value = candidate.fit if candidate.exact else candidate.fit - _NOT_EXACT
    if product.rating is not None:
        value += _RATING * (float(product.rating) - _USUAL_RATING)
    if product.brand and product.brand.lower() in {brand.lower() for brand in brands}:
        value += _BRAND
    value -= _LEFT_OVER * float(packs.left_over)
    if product.sell_by == "each":
        value -= _EACH_PACK * (float(packs.quantity) - 1)
    return value


def fill(slots: Sequence[Slot], limit: Money | None = None) -> Basket:
    """Choose for every slot that can be bought.

    Under a limit cheaper products come first, then optional slots are left out; when even that is
    too much, the cheapest of what is needed is taken, which is over the limit.
    """
    wanted = [slot for slot in slots if slot.options]
    groups = [_choices(slot) for slot in wanted]
    within = True
    if limit is None:
        found = choose(groups, sum(max(one.cost for one in group) for group in groups))
    else:
        found = choose(groups, minor(limit))
        if found is None:
            within = False
            found = cheapest(groups)
    assert found is not None  # every group has a choice
    picked = {
        slot.names: slot.options[pick] if pick < len(slot.options) else None
        for slot, pick in zip(wanted, found.picks, strict=True)
    }
    return Basket(tuple(picked.get(slot.names) for slot in slots), within)


def _choices(slot: Slot) -> list[Choice]:
    choices = [Choice(minor(one.cost), one.value) for one in slot.options]
    return [*choices, Choice(0, _LEAVING_OUT * slot.weight)] if slot.optional else choices


def minor(money: Money) -> int:
    """In the smallest unit of the currency: cents."""
    return int(money.rounded().amount.scaleb(minor_units(money.currency)))
