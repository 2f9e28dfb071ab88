"""What a shop is, as its owner decides once."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class DeliveryTerms:
    """What delivery costs, in the shop's currency. ``minimum`` counts after discounts."""

    fee: Decimal = Decimal("5.95")
    minimum: Decimal = Decimal("25.00")
    free_from: Decimal | None = Decimal("60.00")


@dataclass(frozen=True, slots=True)
class ShopProfile:
    """What an owner decides once. ``week_start`` 0 is Monday; no terms means no delivery."""

    name: str = "Greenleaf Market"
    currency: str = "USD"
    locale: str = "en-US"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    week_start: int = 0
    units: Literal["metric", "us"] = "metric"
    delivery: DeliveryTerms | None = field(default_factory=DeliveryTerms)
