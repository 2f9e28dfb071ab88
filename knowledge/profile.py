"""What a shop is, as its owner decides once."""

from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class ShopProfile:
    """What an owner decides once. ``week_start`` 0 is Monday."""

    name: str = "Greenleaf Market"
    currency: str = "USD"
    locale: str = "en-US"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    week_start: int = 0
    units: Literal["metric", "us"] = "metric"
