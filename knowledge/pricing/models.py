"""What a cart costs: priced lines with their adjustments, and typed totals."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from knowledge import profile
from knowledge.carts.models import CartLine
from knowledge.catalog.models import Product
from knowledge.money import Money
from knowledge.profile import DeliveryTerms

Fulfilment = profile.Fulfilment
TotalKind = Literal[
    "items", "discount", "delivery", "deposit", "tax", "fee", "total", "included_tax"
]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a promotion takes off a line; ``amount`` is negative."""

    promotion_id: str
    title: str
    amount: Money


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A line at today's price. ``total`` is before adjustments."""

    line: CartLine
    product: Product
    total: Money
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def unit_price(self) -> Money:
        return self.product.price

    @property
    def discount(self) -> Money:
        """What is taken off, as a positive amount."""
        return -Money.total((one.amount for one in self.adjustments), self.total.currency)

    @property
    def to_pay(self) -> Money:
        return self.total - self.discount


@dataclass(frozen=True, slots=True)
class Charges:
    """What handing over costs besides the goods. A delivery without terms is not to be had."""

    fulfilment: Fulfilment = "pickup"
    terms: DeliveryTerms | None = None
    slot_fee: Money | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """One typed total. A discount is negative; ``total`` is the sum of the others.

    But for ``included_tax``, which is told and is part of the prices already.
    """

    kind: TotalKind
    title: str
    amount: Money

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "title": self.title, "amount": str(self.amount)}


@dataclass(frozen=True, slots=True)
class Quote:
    """What a cart costs right now; the only source of prices for carts and orders."""

    lines: tuple[QuoteLine, ...]
    totals: tuple[Total, ...]
    currency: str
    fulfilment: Fulfilment = "pickup"
    charges: Charges = field(default_factory=Charges)

    def amount(self, kind: TotalKind) -> Money:
        """The total of one kind; zero when there is none."""
        return Money.total(
            (total.amount for total in self.totals if total.kind == kind), self.currency
        )

    @property
    def items(self) -> Money:
        return self.amount("items")

    @property
    def total(self) -> Money:
        return self.amount("total")

    @property
    def pieces(self) -> Decimal:
        """How many things: pieces count each, goods by weight or volume once per line."""
        return sum(
            (
                line.line.quantity if line.product.sell_by == "each" else Decimal(1)
                for line in self.lines
            ),
            Decimal(0),
        )
