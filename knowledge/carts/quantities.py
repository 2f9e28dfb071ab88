"""How much of a product can be bought: reading amounts and the rules of step, limits and stock."""

import re
from decimal import Decimal, InvalidOperation

from knowledge.carts.errors import NotSold, OutOfStock, QuantityRefused
from knowledge.catalog.models import Product
from knowledge.catalog.units import UNIT_NAMES, read_unit

MOST = Decimal(99)
"""More of one product than anybody means; bulk orders are for the counter."""

_AMOUNT = re.compile(r"^(?P<number>\d{1,9}(?:[.,]\d{1,4})?|\.\d{1,4})\s*(?P<unit>[a-zA-Z. ]*)$")
_PLACES = Decimal("0.0001")


def plain(number: Decimal) -> str:
    """A decimal without exponent and trailing zeros: "2", "0.5"."""
    return f"{number.normalize():f}"


def quantity_text(quantity: Decimal, product: Product) -> str:
    """Write "2" for pieces, "0.5 kg" for goods by weight or volume."""
    if product.sell_by == "each":
        return plain(quantity)
    return f"{plain(quantity)} {product.unit or ''}".rstrip()


def counted(quantity: Decimal, unit: str | None, title: str) -> str:
    """Write "2 x Oat Drink", or with a unit "0.5 kg Bananas"."""
    return f"{plain(quantity)} {unit} {title}" if unit else f"{plain(quantity)} x {title}"


def parse_quantity(text: str, product: Product) -> Decimal:
    """Read "2", "0.5 kg" or "500 g" in the unit the product is sold in.

    Raises ``QuantityRefused`` for what is no amount, or of another kind than the product.
    """
    match = _AMOUNT.match(text.strip())
    if match is None:
        raise QuantityRefused(f"{text!r} is not a quantity; say a number such as 2 or 0.5.")
    try:
        number = Decimal(match["number"].replace(",", "."))
    except InvalidOperation as error:  # pragma: no cover - the pattern admits only decimals
        raise QuantityRefused(f"{text!r} is not a quantity.") from error
    unit = match["unit"].strip().lower()
    if not unit:
        return number
    if product.sell_by == "each":
        if UNIT_NAMES.get(re.sub(r"[\s.]", "", unit)) == "piece" or unit in {"x", "of"}:
            return number
        raise QuantityRefused(
            f"{product.title} is sold by the piece, not by {unit}; say how many pieces."
        )
    meant, sold = read_unit(unit), read_unit(product.unit or "")
    if meant is None or sold is None or meant[0] != sold[0]:
        raise QuantityRefused(
            f"{product.title} is sold by the {product.unit}; {text!r} cannot be counted in that."
        )
    return (number * meant[1] / sold[1]).quantize(_PLACES).normalize()


def most_more(product: Product, quantity: Decimal, held: Decimal) -> Decimal:
    """How much of ``quantity`` can join what a cart holds already; zero when nothing can."""
    return max(most_available(product, min(held + quantity, MOST)) - held, Decimal(0))


def check_quantity(product: Product, quantity: Decimal) -> None:
    """Raise ``NotSold``, ``QuantityRefused`` or ``OutOfStock`` unless a line may hold this."""
    if not product.listed:
        raise NotSold(product.title, product.id)
    if not quantity.is_finite() or quantity <= 0:
        raise QuantityRefused(f"The quantity of {product.title} must be more than zero.")
    if quantity > MOST:
        kind = "pieces" if product.sell_by == "each" else product.unit
        raise QuantityRefused(
            f"{plain(quantity)} of {product.title} is more than the {MOST} {kind} one order can "
            "hold. Was that meant?"
        )
    _check_step(product, quantity)
    least = product.min_quantity
    if least is not None and quantity < least:
        raise QuantityRefused(
            f"The smallest amount of {product.title} is {quantity_text(least, product)}."
        )
    most = product.max_quantity
    if most is not None and quantity > most:
        raise QuantityRefused(
            f"At most {quantity_text(most, product)} of {product.title} per order."
        )
    check_stock(product, quantity)


def _check_step(product: Product, quantity: Decimal) -> None:
    step = product.step
    below = quantity // step * step
    if below == quantity:
        return
    if product.sell_by == "each" and step == 1:
        raise QuantityRefused(f"{product.title} is sold in whole pieces, not {plain(quantity)}.")
    choices = [quantity_text(one, product) for one in (below, below + step) if one > 0]
    raise QuantityRefused(
        f"{product.title} is sold in steps of {quantity_text(step, product)}: "
        f"{' or '.join(choices)}?"
    )


def check_stock(product: Product, quantity: Decimal) -> None:
    """Raise ``OutOfStock`` naming what is left."""
    if product.stock is None or quantity <= product.stock:
        return
    if product.stock <= 0:
        raise OutOfStock(f"{product.title} is sold out.", product_id=product.id, left=Decimal(0))
    raise OutOfStock(
        f"Only {quantity_text(product.stock, product)} of {product.title} left, "
        f"not {quantity_text(quantity, product)}.",
        product_id=product.id,
        left=product.stock,
    )


def most_available(product: Product, quantity: Decimal) -> Decimal:
    """The largest amount up to ``quantity`` that can be sold now; zero when none can."""
    if not product.listed:
        return Decimal(0)
    most = quantity if product.stock is None else min(quantity, product.stock)
    if product.max_quantity is not None:
        most = min(most, product.max_quantity)
    most = most // product.step * product.step
    if most <= 0 or (product.min_quantity is not None and most < product.min_quantity):
        return Decimal(0)
    return most
