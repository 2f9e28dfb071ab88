"""What an order is: lines and totals as they were sold, never worked out again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from knowledge.carts.models import Substitution
from knowledge.carts.quantities import counted, plain
from knowledge.fulfilment.models import Contact
from knowledge.money import Money
from knowledge.pricing.models import Adjustment, Total


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line as it was sold. ``total`` is before adjustments."""

    number: int
    product_id: str
    title: str
    quantity: Decimal
    unit_price: Money
    total: Money
    adjustments: tuple[Adjustment, ...] = ()
    age_limit: int | None = None
    substitution: Substitution = "ask"
    unit: str | None = None
    """What the quantity is in; None is pieces."""

    def amount(self, quantity: Decimal | None = None) -> str:
        """Write "2" for pieces, "0.5 kg" for goods by weight or volume."""
        number = plain(self.quantity if quantity is None else quantity)
        return f"{number} {self.unit}" if self.unit else number

    def text(self, quantity: Decimal | None = None, *, title: str | None = None) -> str:
        """Write "2 x Oat Drink" or "0.5 kg Bananas", of all of it or of a part."""
        return counted(quantity or self.quantity, self.unit, title or self.title)


@dataclass(frozen=True, slots=True)
class Order:
    """One order of one shopper. ``number`` is what people say at the counter."""

    id: str
    number: str
    shopper_id: str
    status: str
    placed_at: datetime
    fulfilment: str
    lines: tuple[OrderLine, ...]
    totals: tuple[Total, ...]
    total: Money
    slot_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    """Address, zone, slot and pickup place as they were when it was placed."""
    contact: Contact = field(default_factory=Contact)

    @property
    def age_limit(self) -> int | None:
        """How old whoever takes it must be; None when that does not matter."""
        return max((line.age_limit for line in self.lines if line.age_limit), default=None)

    @property
    def currency(self) -> str:
        return self.total.currency
