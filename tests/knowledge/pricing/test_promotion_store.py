from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from knowledge.db.rows.shop import PromotionRow
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Conflict, NotFound
from knowledge.pricing.promotion_file import PromotionRecord
from knowledge.pricing.promotion_store import Promotions
from tests.fixed_clock import FixedClock


def test_promotions_are_taken_in_changed_and_listed(units: UnitsOfWork, clock: FixedClock) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    first = promotion("b", coupon="TEN", starts_at=start, ends_at=start + timedelta(days=5))
    with units.write() as session:
        promotions = Promotions(session, clock)
        assert not promotions.any()
        assert promotions.load([first, promotion("a")]) == 2

    with units.write() as session:
        promotions = Promotions(session, clock)
        assert promotions.any()
        assert promotions.list() == [promotion("a"), first]
        promotions.save(promotion("a", title="Better", rule={"percent": "20"}))

    with units.read() as session:
        assert [one.title for one in Promotions(session, clock).list()] == ["Better", "Offer b"]


def test_a_coupon_belongs_to_one_promotion(units: UnitsOfWork, clock: FixedClock) -> None:
    with units.write() as session:
        promotions = Promotions(session, clock)
        promotions.save(promotion("a", coupon="TEN"))
        promotions.save(promotion("a", coupon="ten"))
        with pytest.raises(Conflict, match="TEN already belongs to the promotion 'a'"):
            promotions.save(promotion("b", coupon="TEN"))


def test_an_ended_promotion_stays_but_is_out_of_force(
    sqlite_units: UnitsOfWork, clock: FixedClock
) -> None:
    later = clock.now() + timedelta(days=1)
    with sqlite_units.write() as session:
        promotions = Promotions(session, clock)
        promotions.load([promotion("a"), promotion("b", starts_at=later)])

        assert promotions.end("a").ends_at == clock.now()
        assert promotions.end("b").ends_at is None  # it never began
        assert [one.active for one in promotions.list()] == [False, False]
        with pytest.raises(NotFound, match="no promotion 'c'"):
            promotions.end("c")


def test_a_row_that_cannot_be_read_is_left_out(
    sqlite_units: UnitsOfWork, clock: FixedClock
) -> None:
    with sqlite_units.write() as session:
        promotions = Promotions(session, clock)
        promotions.save(promotion("a"))
        session.add(PromotionRow(id="z", title="?", kind="percent_off", rule={}, active=True))
        session.flush()

        assert [one.id for one in promotions.list()] == ["a"]


def promotion(name: str, **facts: Any) -> PromotionRecord:
    plain = {"id": name, "title": f"Offer {name}", "kind": "percent_off", "rule": {"percent": "5"}}
    return PromotionRecord.model_validate({**plain, **facts})
