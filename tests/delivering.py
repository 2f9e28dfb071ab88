"""A shop that delivers: two zones, two slots a day for one order each, and pickup slots."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from knowledge.carts.models import Actor
from knowledge.db.rows.shop import PromotionRow
from knowledge.fulfilment.checkout import Said, Step, go_on
from knowledge.fulfilment.models import Zone
from knowledge.orders.confirmations import Confirmation
from knowledge.orders.questions import ask_to_order
from knowledge.profile import DeliveryTerms, ShopProfile, SlotPlan, SlotRules, SlotWindow
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper

TOWN = Zone("town", "Town", ("98266",), DeliveryTerms(Decimal("5.95"), Decimal(5), Decimal(60)))
VALLEY = Zone("valley", "Valley", ("9827*",), DeliveryTerms(Decimal(9), Decimal(20), None))
HOME = "home: 12 Elm Street, Maple Falls, WA 98266"
PHONE = "+1 415 555 0189"
EVERY_DAY = tuple(range(7))


def window(hour: int, capacity: int = 1, **facts: Any) -> SlotWindow:
    facts = {"fulfilment": "delivery", "weekdays": EVERY_DAY, **facts}
    return SlotWindow(starts=time(hour), ends=time(hour + 2), capacity=capacity, **facts)


PLAN = SlotPlan(
    windows=(
        window(10),
        window(18, fee=Decimal(2)),
        window(12, 5, fulfilment="pickup"),
    ),
    delivery=SlotRules(cut_off=timedelta(hours=2)),
)


def delivering(shop: Shop, *zones: Zone, **facts: Any) -> Shop:
    """The same shop with zones and slots."""
    profile: ShopProfile = replace(shop.profile, **{"slots": PLAN, **facts})
    made = replace(shop, profile=profile)
    with made.write() as work:
        work.zones.load(zones or (TOWN, VALLEY))
    return made


def coupon(
    code: str, *, starts_at: datetime | None = None, ends_at: datetime | None = None, **rule: Any
) -> PromotionRow:
    """A coupon for a percentage; ``rule`` may say more."""
    return PromotionRow(
        id=code.lower(), title=f"{rule.get('percent', '10')}% off", kind="percent_off",
        rule={"percent": "10", **rule}, coupon=code, starts_at=starts_at, ends_at=ends_at,
        active=True,
    )  # fmt: skip


def say(shop: Shop, shopper: Shopper, **said: Any) -> Step:
    """Go on with the checkout of a shopper's cart."""
    with shop.write() as work:
        return go_on(work, cart_id=shopper.cart_id, shopper_id=shopper.id, said=Said(**said))


def ask_delivery(
    shop: Shop,
    shopper: Shopper,
    slot: str = "tomorrow 10am",
    address: str = HOME,
    contact: str = PHONE,
) -> Confirmation:
    """The question of an order that knows all it needs."""
    step = say(shop, shopper, address=address, slot=slot, contact=contact)
    assert step.question is None, step.question
    with shop.write() as work:
        return ask_to_order(
            work,
            cart_id=shopper.cart_id,
            actor=Actor(shopper.id, "web"),
            conversation_id=None,
            fulfilment=step.fulfilment,
            reference=step.reference(),
        )
