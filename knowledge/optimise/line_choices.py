"""What can be done with one line of a cart: keep it, less of it, a swap, or go without (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from knowledge.carts.edits import Edit, SetQuantity, SwapLine
from knowledge.carts.models import CartLine
from knowledge.carts.quantities import most_available
from knowledge.catalog.models import Product
from knowledge.catalog.units import item_mass_kg, net_content
from knowledge.optimise.line_prices import LinePrices
from knowledge.optimise.losses import (
    LIKE_ENOUGH,
    loss_of_change,
    loss_of_less,
    loss_of_swap,
)
from knowledge.pricing.models import QuoteLine
from knowledge.recommend.product_kind import kind_of, likeness

What = Literal["kept", "reduced", "swapped", "dropped"]
_AS_MUCH = Decimal("0.95")
_COUNTED = 12
_PERCENT = Decimal("0.01")
_TENTHS = 10
_QUARTERS = 4
_SWAPS = 4
"""As many of those that cost the shopper least, and of those that cost least."""


@dataclass(frozen=True, slots=True)
class LineChoice:
    """``product`` and ``quantity`` are what the line holds then; ``loss`` in minor units.

    ``share`` is how much there is of what was wanted: 0.5 for half, above 1 for more.
    """

    what: What
    line: CartLine
    original: Product
    product: Product
    quantity: Decimal
    loss: float
    share: Decimal = Decimal(1)

    def edit(self) -> Edit | None:
        """What makes it so; None when the line stays."""
        if self.what == "kept":
            return None
        if self.what == "swapped":
            return SwapLine(line=self.line.id, product_id=self.product.id, quantity=self.quantity)
        return SetQuantity(line=self.line.id, quantity=self.quantity)


def choices_for(
    line: QuoteLine,
    swaps: Sequence[Product],
    *,
    price: float,
    cart_price: float,
    prices: LinePrices,
    liked: bool = False,
    kept: bool = False,
) -> tuple[LineChoice, ...]:
    """Keeping comes first, dropping last; a choice that saves nothing is left out.

    ``price`` and ``cart_price`` in minor units; ``swaps`` have to suit whom the line is for, and
    ``liked`` says that the shopper likes the brand. A ``kept`` line can only stay.
    """
    product, wanted = line.product, line.line.quantity
    staying = LineChoice("kept", line.line, product, product, wanted, 0.0)
    if kept:
        return (staying,)
    any_change = loss_of_change(cart_price)
    ranges = prices.ranges()
    now = [prices.cost(product, wanted, one) for one in ranges]

    def saves(other: Product, quantity: Decimal) -> bool:
        costs = (prices.cost(other, quantity, one) for one in ranges)
        return any(then < before for then, before in zip(costs, now, strict=True))

    gone = any_change + loss_of_less(product, price, Decimal(0))
    reduced = [
        LineChoice(
            "reduced",
            line.line,
            product,
            product,
            quantity,
            any_change + loss_of_less(product, price, quantity / wanted),
            quantity / wanted,
        )
        for quantity in smaller(product, wanted)
        if saves(product, quantity)
    ]
    swapped = [
        one
        for one in _swaps(line, swaps, price, any_change, liked=liked)
        if one.loss < gone and saves(one.product, one.quantity)
    ]
    near = sorted(swapped, key=lambda one: (one.loss, one.product.id))[:_SWAPS]
    cheap = sorted(
        swapped, key=lambda one: (prices.cost(one.product, one.quantity, ranges[0]), one.loss)
    )
    near += [one for one in cheap[:_SWAPS] if one not in near]
    dropped = LineChoice("dropped", line.line, product, product, Decimal(0), gone, Decimal(0))
    return (staying, *reduced, *near, dropped)


def _swaps(
    line: QuoteLine, others: Sequence[Product], price: float, any_change: float, *, liked: bool
) -> list[LineChoice]:
    found = []
    kind = kind_of(line.product)
    for other in others:
        quantity, share = as_much(line.product, line.line.quantity, other)
        if likeness(kind, kind_of(other)) < LIKE_ENOUGH:
            continue
        if most_available(other, quantity) != quantity:
            continue
        loss = any_change + loss_of_swap(line.product, other, price, share, liked=liked)
        found.append(LineChoice("swapped", line.line, line.product, other, quantity, loss, share))
    return found


def smaller(product: Product, quantity: Decimal) -> list[Decimal]:
    """Less of it that can be bought: every whole number, tenths of many, quarters of a weight."""
    if product.sell_by == "each":
        steps = int(quantity / product.step)
        parts = steps if steps <= _COUNTED else _TENTHS
    else:
        parts = _QUARTERS
    exact = (quantity * part / parts for part in range(1, parts))
    wanted = {one // product.step * product.step for one in exact}
    return sorted(
        {one for one in wanted if 0 < one < quantity and most_available(product, one) == one},
        reverse=True,
    )


def as_much(original: Product, quantity: Decimal, other: Product) -> tuple[Decimal, Decimal]:
    """How many of the other hold as much, and their share of it; 5 % less passes for as much."""
    ratio = _ratio(original, other)
    if ratio is None:
        return quantity, Decimal(1)
    least = quantity * ratio * _AS_MUCH
    steps = (least / other.step).to_integral_value(rounding=ROUND_CEILING)
    needed = max(steps * other.step, other.min_quantity or other.step)
    if other.sell_by != "each" and ratio == 1:
        needed = quantity
    return needed, (needed / (quantity * ratio)).quantize(_PERCENT)


def _ratio(original: Product, other: Product) -> Decimal | None:
    """How many of the other one of the original is worth in content."""
    if original.sell_by != "each":
        return Decimal(1)
    masses = item_mass_kg(original), item_mass_kg(other)
    if masses[0] is not None and masses[1] is not None:
        return masses[0] / masses[1]
    contents = net_content(original), net_content(other)
    if contents[0] is None or contents[1] is None or contents[0].unit != contents[1].unit:
        return None
    return contents[0].amount / contents[1].amount
