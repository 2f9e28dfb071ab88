"""How many packs of a product cover an amount, and what is left over (pure)."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from knowledge.catalog.models import Product
from knowledge.catalog.units import NetContent, item_mass_kg, net_content, read_unit
from knowledge.recipes.measures import Measured

SLACK = Decimal("0.12")
"""A pack that is this much short will do: nobody buys a second 450 g for the last 50 g."""
_PIECES_IN_A_PACK = Decimal(3)
_MOST_UNKNOWN = Decimal(12)
"""Of things whose size nobody wrote down; more pieces than that are likely a bag."""


@dataclass(frozen=True, slots=True)
class Packs:
    """A quantity to buy. ``left_over`` is the share of it that is not needed, 0 to 1."""

    quantity: Decimal
    left_over: Decimal = Decimal(0)


def cover(product: Product, needed: Measured | None) -> Packs | None:
    """The least that covers what is needed; None when the product cannot be measured that way.

    ``needed`` None is some of it: one pack, or the least that is sold.
    """
    if needed is None:
        return Packs(_least(product))
    share = _share(product, needed)
    if share is None:
        return None
    if product.sell_by == "each":
        quantity = max((share * (1 - SLACK)).to_integral_value(ROUND_CEILING), Decimal(1))
        quantity = _in_steps(quantity, product)
    else:
        quantity = _in_steps(share, product)
    left = (quantity - share) / quantity
    return Packs(quantity, max(left, Decimal(0)))


def cover_count(product: Product, count: Decimal, needed: Measured | None) -> Packs | None:
    """So many packs of what is sold in packs; so many pieces of what is sold in pieces.

    ``needed`` is the count as pieces of food, None for what nobody counts in pieces.
    """
    content = net_content(product)
    if product.sell_by != "each":
        return cover(product, needed) if needed is not None and needed.kilograms else None
    pieces = content is not None and content.unit == "piece" and content.amount > 1
    counted = needed is not None and (pieces or needed.kilograms is not None)
    if needed is not None and counted and count > 1:
        return cover(product, needed)
    if content is not None and 1 < content.pieces <= count:  # 12 bars, in packs of 6
        return cover_parts(product, count)
    return cover_packs(product, count)


def cover_packs(product: Product, count: Decimal) -> Packs:
    """So many packs, as far as the product's step allows it."""
    return Packs(_in_steps(count, product))


def cover_parts(product: Product, count: Decimal) -> Packs:
    """So many bottles or rolls, however many of them a pack holds."""
    content = net_content(product)
    held = content.pieces if content is not None and product.sell_by == "each" else 1
    quantity = _in_steps((count / held).to_integral_value(ROUND_CEILING), product)
    return Packs(quantity, (quantity * held - count) / (quantity * held))


def _share(product: Product, needed: Measured) -> Decimal | None:
    """What is needed, counted in sold units of the product."""
    content = net_content(product)
    if content is None:
        few = needed.pieces is not None and needed.pieces <= _MOST_UNKNOWN
        return needed.pieces if few else None
    if content.unit == "kg":
        return _share_of_mass(content, needed)
    if content.unit == "l":
        wanted = needed.litres if needed.litres is not None else needed.kilograms
        return None if wanted is None else wanted / content.amount
    mass = item_mass_kg(product)
    if mass is not None and needed.kilograms is not None and not _same_piece(content, mass, needed):
        return needed.kilograms / mass
    return None if needed.pieces is None else needed.pieces / content.amount


def _same_piece(content: NetContent, mass: Decimal, needed: Measured) -> bool:
    """Whether a piece as sold is a piece as meant: a bunch of celery is no stalk."""
    if not needed.pieces or not needed.kilograms:
        return False
    sold, meant = mass / content.amount, needed.kilograms / needed.pieces
    return meant / 2 <= sold <= meant * 2


def _share_of_mass(content: NetContent, needed: Measured) -> Decimal | None:
    parts = content.pieces > 1 or needed.bunches
    if parts and needed.pieces is not None and _near(content, needed):
        return needed.pieces / content.pieces
    if needed.kilograms is not None:
        return needed.kilograms / content.amount
    if needed.pieces is None:
        return None
    # Nothing tells what a piece weighs: a pack is one, or holds a few small ones.
    return needed.pieces if needed.pieces <= _PIECES_IN_A_PACK else needed.pieces / 4


def _near(content: NetContent, needed: Measured) -> bool:
    """Whether the parts of a pack are the pieces that were meant: 4 x 70 g are four buns."""
    if needed.kilograms is None or not needed.pieces:
        return True
    part, piece = content.amount / content.pieces, needed.kilograms / needed.pieces
    return part / 2 <= piece <= part * 2


def _least(product: Product) -> Decimal:
    least = product.min_quantity or product.step
    if product.sell_by == "each":
        return _in_steps(least, product)
    unit = read_unit(product.unit or "")
    quarter = Decimal("0.25") / unit[1] if unit else least
    return _in_steps(max(least, quarter), product)


def _in_steps(quantity: Decimal, product: Product) -> Decimal:
    step = product.step
    stepped = (quantity / step).to_integral_value(ROUND_CEILING) * step
    return max(stepped, product.min_quantity or step)
