"""Makes the slots of the coming days from the weekly plan, by the shop's clock (pure)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from knowledge.fulfilment.models import Slot
from knowledge.money import Money
from knowledge.profile import Fulfilment, ShopProfile, SlotPlan, SlotWindow


def planned_slots(profile: ShopProfile, fulfilment: Fulfilment, now: datetime) -> list[Slot]:
    """Every slot of today and the days ahead, also those begun, in order of time.

    Two windows of the same hours and zone are one slot; the later in the plan counts. An hour that
    the clocks skip is not offered, one they run through twice is meant the first time.
    """
    plan = profile.slots
    if plan is None:
        return []
    slots: dict[str, Slot] = {}
    for day in _days(plan, now.astimezone(profile.timezone).date()):
        for window in plan.windows:
            if window.fulfilment == fulfilment and day.weekday() in window.weekdays:
                slot = _on_day(window, day, profile)
                if slot is not None:
                    slots[slot.id] = slot
    return sorted(slots.values(), key=lambda slot: (slot.starts_at, slot.ends_at, slot.id))


def is_open(slot: Slot, profile: ShopProfile, now: datetime) -> bool:
    """Whether it can still be chosen, by the cut-off of the plan."""
    if profile.slots is None:
        return False
    rules = profile.slots.rules(slot.fulfilment)
    if now > slot.starts_at - rules.cut_off or now >= slot.starts_at:
        return False
    if rules.same_day_until is None:
        return True
    here = now.astimezone(profile.timezone)
    today = slot.starts_at.astimezone(profile.timezone).date() == here.date()
    return not today or here.time() <= rules.same_day_until


def _days(plan: SlotPlan, today: date) -> Iterator[date]:
    for ahead in range(plan.days_ahead + 1):
        day = today + timedelta(days=ahead)
        if day not in plan.closed:
            yield day


def _on_day(window: SlotWindow, day: date, profile: ShopProfile) -> Slot | None:
    starts = _moment(day, window.starts, profile.timezone)
    last_day = day if window.ends > window.starts else day + timedelta(days=1)  # until midnight
    ends = _moment(last_day, window.ends, profile.timezone)
    if starts is None or ends is None or starts >= ends:
        return None
    zone = f"-{window.zone_id}" if window.zone_id else ""
    return Slot(
        id=f"{window.fulfilment}-{starts:%Y%m%dT%H%M}-{ends:%H%M}{zone}",
        fulfilment=window.fulfilment,
        starts_at=starts,
        ends_at=ends,
        capacity=window.capacity,
        fee=Money(window.fee, profile.currency),
        zone_id=window.zone_id,
    )


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """In UTC; None for an hour that the clocks skip on that day."""
    local = datetime.combine(day, at, zone)
    moment = local.astimezone(UTC)
    there = moment.astimezone(zone)
    return moment if (there.date(), there.time()) == (day, at) else None
