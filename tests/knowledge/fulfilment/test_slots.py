import pytest
from sqlalchemy import func, select

from knowledge.db.rows.orders import DeliverySlotRow
from knowledge.errors import NotFound
from knowledge.fulfilment.slots import SlotGone
from knowledge.profile import SlotPlan
from knowledge.shop import Shop
from tests.delivering import delivering, window
from tests.fixed_clock import FixedClock


def test_a_place_is_taken_once_and_given_back(market: Shop) -> None:
    shop = delivering(market)
    with shop.write() as work:
        second, first, *_ = work.slots.upcoming("delivery")
        assert work.slots.take(second)
        assert not work.slots.take(second)

    with shop.write() as work:
        assert second.id not in [slot.id for slot in work.slots.upcoming("delivery")]
        with pytest.raises(SlotGone, match="Mon Nov 23, 6 pm-8 pm"):
            work.slots.get_open(second.id, "delivery")
        assert work.slots.get_open(first.id, "delivery").left == 1
        work.slots.release(second.id)
        work.slots.release(second.id)
    with shop.write() as work:
        assert work.slots.get_open(second.id, "delivery").taken == 0
        assert work.slots.take(second)


def test_looking_at_slots_writes_nothing_and_keeping_one_writes_it_once(market: Shop) -> None:
    shop = delivering(market)
    with shop.write() as work:
        slot = work.slots.upcoming("delivery")[0]
        assert work.session.scalar(select(func.count()).select_from(DeliverySlotRow)) == 0
        work.slots.keep(slot)
        work.slots.keep(slot)
        assert work.session.scalar(select(func.count()).select_from(DeliverySlotRow)) == 1


def test_a_changed_plan_counts_at_once_and_keeps_what_is_taken(market: Shop) -> None:
    shop = delivering(market)
    with shop.write() as work:
        slot = work.slots.upcoming("delivery")[0]
        work.slots.take(slot)
    wider = delivering(shop, slots=SlotPlan((window(18, 2),)))

    with wider.write() as work:
        again = work.slots.get_open(slot.id, "delivery")
        assert (again.left, again.taken) == (1, 1)
        assert work.slots.take(again)
        assert not work.slots.take(again)


def test_slots_go_with_the_time_and_new_ones_come(market: Shop, clock: FixedClock) -> None:
    shop = delivering(market)
    with shop.read() as work:
        before = [slot.id for slot in work.slots.upcoming("delivery")]
    clock.advance(days=1)

    with shop.read() as work:
        after = [slot.id for slot in work.slots.upcoming("delivery")]
        with pytest.raises(NotFound):
            work.slots.get_open(before[0], "delivery")
    assert before[0] not in after
    assert after[-1] not in before


def test_a_zone_sees_its_own_slots_and_those_of_everywhere(market: Shop) -> None:
    plan = SlotPlan((window(12), window(14, zone_id="town"), window(16, zone_id="valley")))
    shop = delivering(market, slots=plan)

    with shop.read() as work:
        found = work.slots.upcoming("delivery", zone_id="town", limit=2)
    assert [slot.starts_at.hour for slot in found] == [12, 14]
