from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.errors import InvalidInput
from knowledge.fulfilment.plan_file import FulfilmentPlan, read_plan
from knowledge.profile import ShopProfile
from tests.sample_shop import SAMPLE

WHOLE = """
pickup: {place: 1 Main Street, hours: daily 8 to 8, ready_in_hours: 1.5}
zones:
  - {id: town, name: Town, postal_codes: [98266, "9827*"], fee: 5.95, minimum: 25, free_from: 60}
delivery_slots:
  cut_off_hours: 3
  same_day_until: 12:00
  windows:
    - {days: "mon-wed, sat", from: 08:00, to: 13:00, hours: 2, capacity: 4, fee: 1.50,
       zones: [town]}
pickup_slots:
  windows:
    - {days: daily, from: 20:00, to: "24:00", capacity: 9}
days_ahead: 3
closed: [2026-12-25]
tax: {name: VAT, included: true, rate: 19, categories: {"Food > Fresh": 7}, delivery_rate: 19}
"""


def read(tmp_path: Path, text: str) -> FulfilmentPlan:
    file = tmp_path / "fulfilment.yaml"
    file.write_text(text, "utf-8")
    return read_plan(file)


def test_a_file_says_zones_slots_pickup_and_tax(tmp_path: Path) -> None:
    plan = read(tmp_path, WHOLE)

    (zone,) = plan.zones
    assert zone.postal_codes == ("98266", "9827*")
    assert (zone.terms.fee, zone.terms.free_from) == (Decimal("5.95"), Decimal(60))
    assert plan.slots is not None
    first, second, late = plan.slots.windows
    assert (first.weekdays, first.starts, first.ends) == ((0, 1, 2, 5), time(8), time(10))
    assert (second.starts, second.zone_id, second.fee) == (time(10), "town", Decimal("1.5"))
    assert (late.fulfilment, late.starts, late.ends, late.capacity) == (
        "pickup", time(20), time(0), 9
    )  # fmt: skip
    assert plan.slots.delivery.cut_off == timedelta(hours=3)
    assert plan.slots.delivery.same_day_until == time(12)
    assert plan.slots.closed == {date(2026, 12, 25)}
    assert plan.pickup is not None
    assert plan.pickup.ready_in == timedelta(hours=1.5)
    assert plan.tax is not None
    assert plan.tax.categories == ((("Food", "Fresh"), Decimal(7)),)
    assert plan.applied_to(ShopProfile()).tax == plan.tax


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "").applied_to(ShopProfile()) == ShopProfile()


def test_a_file_can_end_delivery_or_say_its_price(tmp_path: Path) -> None:
    assert read(tmp_path, "delivery: false").applied_to(ShopProfile()).delivery is None
    terms = read(tmp_path, "delivery: {fee: 3}").applied_to(ShopProfile()).delivery
    assert terms is not None
    assert (terms.fee, terms.minimum, terms.free_from) == (Decimal(3), Decimal(0), None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zones: 3", "zones: "),
        ("zonen: []", "zonen: Extra inputs"),
        ("zones: [{id: a, name: A, postal_codes: ['1 2 3 !'], fee: 1}]", "zones.0.postal_codes.0"),
        ("zones: [{id: a, name: A, postal_codes: ['12345'], fee: -1}]", "zones.0.fee"),
        ("tax: {included: true, rate: 190}", "tax.rate"),
        ("delivery_slots: {windows: [{days: someday, from: 8:00, to: 9:00, capacity: 1}]}", "days"),
        ("delivery_slots: {windows: [{days: mon, from: 8 am, to: 9:00, capacity: 1}]}", "from"),
        (
            "pickup_slots: {windows: [{days: mon, from: 8:00, to: 9:00, capacity: 1, zones: [x]}]}",
            "zone 'x'",
        ),
        ("a: [", "is no YAML"),
        ("\x00", "is no YAML"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(tmp_path, text)

    assert said in str(refused.value)


def test_the_sample_has_zones_and_two_hour_slots() -> None:
    plan = read_plan(SAMPLE / "fulfilment.yaml")

    assert len(plan.zones) == 3
    assert plan.slots is not None
    assert plan.slots.offers("delivery")
    assert plan.slots.offers("pickup")
    assert plan.pickup is not None
    assert plan.tax is None
