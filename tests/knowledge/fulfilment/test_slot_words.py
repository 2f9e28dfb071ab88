from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.fulfilment.slot_plan import planned_slots
from knowledge.fulfilment.slot_words import find_slots
from knowledge.fulfilment.when import slot_label
from knowledge.profile import ShopProfile, SlotPlan
from tests.delivering import window

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PROFILE = ShopProfile(slots=SlotPlan(tuple(window(hour) for hour in range(8, 20, 2))))
SLOTS = planned_slots(PROFILE, "delivery", MONDAY)
SHOWN = [slot.id for slot in SLOTS[6:9]]


def meant(text: str) -> list[str]:
    wish = find_slots(text, SLOTS, shown=SHOWN, now=MONDAY, profile=PROFILE)
    return [slot_label(slot, PROFILE) for slot in wish.slots]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("slot 2", "Tue Nov 24, 10 am-12 pm"),
        ("2", "Tue Nov 24, 10 am-12 pm"),
        ("#3", "Tue Nov 24, 12 pm-2 pm"),
        ("the first one", "Tue Nov 24, 8 am-10 am"),
        ("the last one", "Tue Nov 24, 12 pm-2 pm"),
        ("two", "Tue Nov 24, 10 am-12 pm"),
        ("tomorrow evening", "Tue Nov 24, 6 pm-8 pm"),
        ("Tomorrow, 10am.", "Tue Nov 24, 10 am-12 pm"),
        ("tomorrow at 5", "Tue Nov 24, 4 pm-6 pm"),
        ("after 6pm tomorrow", "Tue Nov 24, 6 pm-8 pm"),
        ("tonight", "Mon Nov 23, 6 pm-8 pm"),
        ("friday between 10 and 12", "Fri Nov 27, 10 am-12 pm"),
        ("tuesday 10-12", "Tue Nov 24, 10 am-12 pm"),
        ("day after tomorrow before 10", "Wed Nov 25, 8 am-10 am"),
        ("2026-11-28 18:00", "Sat Nov 28, 6 pm-8 pm"),
        ("nov 29 at 2pm", "Sun Nov 29, 2 pm-4 pm"),
        ("the 26th at noon", "Thu Nov 26, 12 pm-2 pm"),
        ("next monday evening", "Mon Nov 30, 6 pm-8 pm"),
        ("as soon as possible", "Mon Nov 23, 8 am-10 am"),
        ("earliest on saturday", "Sat Nov 28, 8 am-10 am"),
        ("delivery-20261125T1000-1200", "Wed Nov 25, 10 am-12 pm"),
    ],
)
def test_words_name_one_slot(text: str, label: str) -> None:
    assert meant(text) == [label]


def test_words_that_fit_several_leave_the_choice() -> None:
    assert meant("saturday morning") == ["Sat Nov 28, 8 am-10 am", "Sat Nov 28, 10 am-12 pm"]


@pytest.mark.parametrize("text", ["december 24", "tomorrow at 11pm", "november 31"])
def test_a_time_without_a_slot_fits_none(text: str) -> None:
    wish = find_slots(text, SLOTS, shown=SHOWN, now=MONDAY, profile=PROFILE)

    assert wish.understood
    assert not wish.slots


@pytest.mark.parametrize("text", ["", "bananas", "slot 9", "whenever she likes it"])
def test_what_names_no_time_is_not_understood(text: str) -> None:
    assert not find_slots(text, SLOTS, shown=SHOWN, now=MONDAY, profile=PROFILE).understood


@given(st.text(max_size=60))
def test_whatever_is_said_only_offered_slots_come_of_it(text: str) -> None:
    wish = find_slots(text, SLOTS, shown=SHOWN, now=MONDAY, profile=PROFILE)

    assert set(wish.slots) <= set(SLOTS)
