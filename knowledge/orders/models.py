"""What an order is: lines and totals as they were sold, never worked out again."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

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

    @property
    def currency(self) -> str:
        return self.total.currency
