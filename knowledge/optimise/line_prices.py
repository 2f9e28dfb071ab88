"""What a choice for a line costs within a cart, in whole small units, so that sums are exact.

Two things of a whole cart decide what its lines cost. A promotion may ask for a minimum of all
items: the cart is in one of the ranges between such minimums, and in each range every line has one
price. Taxes that are added are rounded once for the cart: prices hold a thousandth of a minor unit
then, rounded down, so that a sum is never above what is to be paid.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import ROUND_FLOOR, Decimal

from knowledge.carts.models import CartLine
from knowledge.catalog.models import Product
from knowledge.money import Money, minor_units
from knowledge.pricing.models import Quote, QuoteLine
from knowledge.pricing.pricing import price_lines
from knowledge.pricing.promotions import Promotion
from knowledge.pricing.taxes import rate_of
from knowledge.profile import TaxTerms

_FINE = 1000


@dataclass(frozen=True, slots=True)
class Range:
    """Carts whose items come to ``least`` or more and less than ``below``, in minor units."""

    promotions: tuple[Promotion, ...]
    least: int | None = None
    below: int | None = None


@dataclass(frozen=True, slots=True)
class LinePrices:
    """The promotions in force, and the tax of the shop."""

    promotions: tuple[Promotion, ...]
    currency: str
    tax: TaxTerms | None = None

    @property
    def _taxed(self) -> bool:
        return self.tax is not None and not self.tax.included

    def quote(self, lines: Iterable[tuple[CartLine, Product]]) -> Quote:
        """What a cart comes to, as ``Pricing.quote`` says it."""
        return price_lines(
            [_line(line, product) for line, product in lines],
            self.promotions,
            currency=self.currency,
            tax=self.tax,
        )

    def ranges(self) -> list[Range]:
        """One for each set of promotions that a cart can have; all of them cover every cart."""
        minimums = {one.rule.minimum for one in self.promotions if one.rule.minimum}
        edges = sorted(minor(Money(minimum, self.currency)) for minimum in minimums)
        lows, highs = [None, *edges], [*edges, None]
        return [
            Range(tuple(_reached(self.promotions, low or 0, self.currency)), low, high)
            for low, high in zip(lows, highs, strict=True)
        ]

    def limit(self, limit: Money, products: Iterable[Product]) -> int:
        """The most that costs may add up to for a total within the limit."""
        if not self._taxed or self.tax is None:
            return minor(limit)
        rates = {rate_of(product.category, self.tax) for product in products}
        return minor(limit) * _FINE + len(rates) * _FINE // 2

    def over(self, amount: Money) -> int:
        """By how much to lower a limit for a total that is over it."""
        return minor(amount) * (_FINE if self._taxed else 1)

    def cost(self, product: Product, quantity: Decimal, within: Range) -> int:
        """What it adds to the total of a cart in a range."""
        if quantity == 0:
            return 0
        line = _line(replace(_ALONE, quantity=quantity), product)
        paid = price_lines([line], within.promotions, currency=self.currency).total
        if not self._taxed or self.tax is None:
            return minor(paid)
        share = 1 + rate_of(product.category, self.tax) / 100
        fine = Decimal(minor(paid)) * _FINE * share
        return int(fine.to_integral_value(rounding=ROUND_FLOOR))

    def items(self, product: Product, quantity: Decimal) -> int:
        """What it adds to the items, which minimums are measured by."""
        return minor((product.price * quantity).rounded())


_ALONE = CartLine(1, "", Decimal(1), datetime(1970, 1, 1, tzinfo=UTC))


def _line(line: CartLine, product: Product) -> QuoteLine:
    return QuoteLine(line, product, (product.price * line.quantity).rounded())


def _reached(promotions: Sequence[Promotion], items: int, currency: str) -> Iterable[Promotion]:
    """Those a cart of this worth has, without their minimum."""
    for one in promotions:
        minimum = one.rule.minimum
        if minimum is None or minor(Money(minimum, currency)) <= items:
            rule = one.rule.model_copy(update={"minimum": None})
            yield Promotion(one.id, one.title, rule, one.coupon)


def minor(money: Money) -> int:
    """In the smallest unit of the currency: cents."""
    return int(money.rounded().amount.scaleb(minor_units(money.currency)))
