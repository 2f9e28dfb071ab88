"""What a shop is, as its owner decides once."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

Fulfilment = Literal["pickup", "delivery"]


@dataclass(frozen=True, slots=True)
class DeliveryTerms:
    """What delivery costs, in the shop's currency. ``minimum`` counts after discounts."""

    fee: Decimal = Decimal("5.95")
    minimum: Decimal = Decimal("25.00")
    free_from: Decimal | None = Decimal("60.00")


@dataclass(frozen=True, slots=True)
class PickupTerms:
    """Where and when orders are collected, in the owner's words; ``ready_in`` is the usual time."""

    place: str
    hours: str = ""
    ready_in: timedelta | None = None


@dataclass(frozen=True, slots=True)
class SlotWindow:
    """A weekly window by the shop's clock; ``weekdays`` 0 is Monday, no zone is every zone."""

    fulfilment: Fulfilment
    weekdays: tuple[int, ...]
    starts: time
    ends: time
    capacity: int
    fee: Decimal = Decimal(0)
    zone_id: str | None = None


@dataclass(frozen=True, slots=True)
class SlotRules:
    """Until when a slot can be chosen: so long before it starts, today's until an hour of today."""

    cut_off: timedelta = timedelta(hours=2)
    same_day_until: time | None = None


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """The weekly plan that slots of today and the next ``days_ahead`` days are made from."""

    windows: tuple[SlotWindow, ...]
    delivery: SlotRules = field(default_factory=SlotRules)
    pickup: SlotRules = field(default_factory=SlotRules)
    days_ahead: int = 7
    closed: frozenset[date] = frozenset()

    def rules(self, fulfilment: Fulfilment) -> SlotRules:
        return self.pickup if fulfilment == "pickup" else self.delivery

    def offers(self, fulfilment: Fulfilment) -> bool:
        return any(window.fulfilment == fulfilment for window in self.windows)


@dataclass(frozen=True, slots=True)
class TaxTerms:
    """Rates in percent. ``included`` prices hold the tax already; it is told, never added.

    The longest path in ``categories`` that a product's category begins with decides its rate.
    """

    rate: Decimal
    included: bool = False
    name: str = "Tax"
    categories: tuple[tuple[tuple[str, ...], Decimal], ...] = ()
    delivery_rate: Decimal | None = None
    """Of fees; None is the common rate."""


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
    return_days: int = 30
    pickup: PickupTerms | None = None
    slots: SlotPlan | None = None
    tax: TaxTerms | None = None
    retention_days: int = 365
    """How long a talk is kept after its last message; 0 is for ever."""

    @property
    def country(self) -> str:
        """Where the shop is, by its locale; an address that names no country is there."""
        return self.locale[-2:] if "-" in self.locale else "US"
