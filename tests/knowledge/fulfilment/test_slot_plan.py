from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from knowledge.fulfilment.slot_plan import is_open, planned_slots
from knowledge.fulfilment.when import slot_label
from knowledge.profile import ShopProfile, SlotPlan, SlotRules, SlotWindow
from tests.delivering import EVERY_DAY, window

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def shop(*windows: SlotWindow, zone: str = "UTC", **plan: object) -> ShopProfile:
    return ShopProfile(
        timezone=ZoneInfo(zone),
        slots=SlotPlan(windows=windows, **plan),  # type: ignore[arg-type]
    )


def test_slots_reach_seven_days_ahead_in_order_of_time() -> None:
    slots = planned_slots(shop(window(18), window(10)), "delivery", MONDAY)

    assert len(slots) == 2 * 8
    assert [slot.starts_at for slot in slots] == sorted(slot.starts_at for slot in slots)
    assert slots[-1].starts_at == datetime(2026, 11, 30, 18, tzinfo=UTC)
    assert slots[0].id == "delivery-20261123T1000-1200"


def test_each_day_moves_the_plan_on_by_itself() -> None:
    profile = shop(window(10))
    today = {slot.id for slot in planned_slots(profile, "delivery", MONDAY)}
    tomorrow = {slot.id for slot in planned_slots(profile, "delivery", MONDAY + timedelta(days=1))}

    assert len(tomorrow - today) == len(today - tomorrow) == 1


def test_a_shop_has_slots_on_its_days_only() -> None:
    profile = shop(window(10, weekdays=(2, 5)), closed=frozenset({date(2026, 11, 25)}))

    days = [slot.starts_at.date() for slot in planned_slots(profile, "delivery", MONDAY)]

    assert days == [date(2026, 11, 28)]
    assert planned_slots(profile, "pickup", MONDAY) == []
    assert planned_slots(ShopProfile(), "delivery", MONDAY) == []


def test_the_later_of_two_equal_windows_counts() -> None:
    profile = shop(window(10, 5), window(10, 2, weekdays=(0,)), days_ahead=1)

    assert [one.capacity for one in planned_slots(profile, "delivery", MONDAY)] == [2, 5]


def test_a_day_ends_at_midnight() -> None:
    late = SlotWindow("delivery", EVERY_DAY, time(22), time(0), 1)
    (slot,) = planned_slots(shop(late, days_ahead=0), "delivery", MONDAY)

    assert slot.ends_at == datetime(2026, 11, 24, tzinfo=UTC)


def test_slots_follow_the_clock_of_the_shop_over_the_change_of_time() -> None:
    profile = shop(window(10), zone="America/New_York", days_ahead=2)
    before = datetime(2026, 10, 31, 12, tzinfo=UTC)

    slots = planned_slots(profile, "delivery", before)

    # Clocks go back in the night to November 1.
    assert [slot.starts_at.hour for slot in slots] == [14, 15, 15]
    assert {slot_label(slot, profile)[-11:] for slot in slots} == {"10 am-12 pm"}


def test_an_hour_that_the_clocks_skip_is_not_offered() -> None:
    profile = shop(window(2), window(10), zone="America/New_York", days_ahead=0)

    slots = planned_slots(profile, "delivery", datetime(2026, 3, 8, 5, 30, tzinfo=UTC))

    assert [slot.starts_at.hour for slot in slots] == [14]


@pytest.mark.parametrize(
    ("minutes", "there"), [(-121, True), (-120, True), (-119, False), (5, False)]
)
def test_a_slot_can_be_chosen_until_its_cut_off(minutes: int, there: bool) -> None:  # noqa: FBT001
    profile = shop(window(12), delivery=SlotRules(cut_off=timedelta(hours=2)))
    (slot, *_) = planned_slots(profile, "delivery", MONDAY)

    assert is_open(slot, profile, slot.starts_at + timedelta(minutes=minutes)) is there


def test_slots_of_today_close_at_an_hour_of_today() -> None:
    rules = SlotRules(cut_off=timedelta(0), same_day_until=time(12))
    profile = shop(window(18), delivery=rules)
    (today, tomorrow, *_) = planned_slots(profile, "delivery", MONDAY)
    afternoon = MONDAY + timedelta(hours=4)

    assert is_open(today, profile, MONDAY)
    assert not is_open(today, profile, afternoon)
    assert is_open(tomorrow, profile, afternoon)
    assert not is_open(today, replace(profile, slots=None), MONDAY)


def test_times_are_written_as_the_country_does() -> None:
    (slot,) = planned_slots(shop(window(11), days_ahead=0), "delivery", MONDAY)

    assert slot_label(slot, ShopProfile()) == "Mon Nov 23, 11 am-1 pm"
    assert slot_label(slot, ShopProfile(locale="en-GB")) == "Mon 23 Nov, 11:00-13:00"
