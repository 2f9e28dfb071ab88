from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from knowledge.usage.days import day_start, days_between
from knowledge.usage.model_calls import ModelCalls
from knowledge.usage.models import ModelUse, Spent
from knowledge.usage.noting import CallNotes
from tests.fixed_clock import FixedClock

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def use(**given: Any) -> ModelUse:
    usual: dict[str, Any] = {
        "purpose": "answer",
        "provider": "openai",
        "model": "gpt-5.4-mini",
        "outcome": "ok",
        "at": MORNING,
        "latency_ms": 1000,
        "first_token_ms": 400,
        "input_tokens": 1000,
        "cached_tokens": 600,
        "output_tokens": 100,
        "cost_micros": 800,
        "turn_id": "t1",
        "shopper_id": "s1",
        "channel": "web",
    }
    return ModelUse(**{**usual, **given})


def keep(shop: Shop, *uses: ModelUse) -> None:
    shop.change(lambda work: work.model_calls.add_many(uses))


def test_the_calls_of_a_turn_are_kept_as_they_were(market: Shop) -> None:
    failed = use(outcome="timeout", first_token_ms=None, cost_micros=None, input_tokens=0)
    keep(market, failed, use(), use(turn_id="t2"))

    with market.read() as work:
        assert work.model_calls.of_turn("t1") == [failed, use()]


def test_sums_tell_turns_failures_tokens_and_what_is_not_priced(market: Shop) -> None:
    keep(
        market,
        use(),
        use(purpose="repair", latency_ms=3000),
        use(turn_id="t2", model="gpt-5.4", cost_micros=5000),
        use(turn_id=None, shopper_id=None, channel=None, purpose="embed", cost_micros=None),
        use(turn_id="t3", outcome="busy", first_token_ms=None, output_tokens=0, cost_micros=0),
        use(at=MORNING + timedelta(days=1)),
    )

    with market.read() as work:
        span = (MORNING, MORNING + timedelta(hours=1))
        by_model = work.model_calls.totals(*span, "model")
        by_purpose = work.model_calls.totals(*span, "purpose")
        by_channel = work.model_calls.totals(*span, "channel")
        everything = work.model_calls.total(*span)
        nothing = work.model_calls.total(MORNING - timedelta(days=9), MORNING)

    assert [(one.name, one.cost_micros) for one in by_model] == [
        ("openai:gpt-5.4", 5000),
        ("openai:gpt-5.4-mini", 1600),
    ]
    mini = by_model[1]
    assert (mini.turns, mini.calls, mini.failed, mini.unpriced) == (2, 4, 1, 1)
    assert (mini.input_tokens, mini.cached_tokens, mini.output_tokens) == (4000, 2400, 300)
    assert (mini.latency_ms, mini.first_token_ms) == (1500, 400)
    assert {one.name: one.calls for one in by_purpose} == {"answer": 3, "repair": 1, "embed": 1}
    assert {one.name: one.calls for one in by_channel} == {"web": 4, "none": 1}
    assert everything is not None
    assert (everything.calls, everything.turns) == (5, 3)
    assert nothing is None


def test_days_are_those_of_the_shops_calendar(market: Shop, clock: FixedClock) -> None:
    profile = replace(market.profile, timezone=ZoneInfo("America/New_York"))
    late = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)  # half past eleven in the evening before
    keep(market, use(at=late), use(at=late + timedelta(hours=1), cost_micros=200))

    with market.units.read() as session:
        calls = ModelCalls(session, clock, profile)
        days = calls.totals(late - timedelta(days=1), late + timedelta(days=1), "day")

    assert [(one.name, one.cost_micros) for one in days] == [
        ("2026-11-22", 800),
        ("2026-11-23", 200),
    ]


def test_a_day_may_have_25_hours(market: Shop) -> None:
    profile = replace(market.profile, timezone=ZoneInfo("Europe/Berlin"))
    start = day_start(datetime(2026, 10, 25, tzinfo=UTC).date(), profile)

    ((_, first, end), *_) = days_between(start, start + timedelta(hours=30), profile)

    assert end - first == timedelta(hours=25)


def test_what_counts_against_limits_is_summed_at_once(market: Shop) -> None:
    keep(
        market,
        use(),
        use(),
        use(turn_id="t2"),
        use(shopper_id="s2", turn_id="t3", cost_micros=None),
        use(at=MORNING - timedelta(hours=10)),
    )

    with market.read() as work:
        calls = work.model_calls
        assert calls.spent(MORNING, shopper_id=None, shop=True) == Spent(cost_micros=2400)
        assert calls.of_shopper_since("s1", MORNING) == Spent(0, 2, 3300)
        assert calls.spent(MORNING, shopper_id="s3", shop=True) == Spent(2400, 0, 0)
        assert calls.spent(MORNING, shopper_id=None, shop=False) == Spent()


def test_the_dearest_shoppers_stand_first_and_a_forgotten_one_is_nobody(market: Shop) -> None:
    keep(market, use(), use(shopper_id="s2", cost_micros=900), use(shopper_id=None))
    span = (MORNING, MORNING + timedelta(hours=1))

    with market.write() as work:
        before = [one.name for one in work.model_calls.top_shoppers(*span)]
        work.model_calls.forget_shopper("s2")
        after = [one.name for one in work.model_calls.top_shoppers(*span)]
        everything = work.model_calls.total(*span)

    assert (before, after) == (["s2", "s1"], ["s1"])
    assert everything is not None
    assert everything.calls == 3


def test_calls_are_noted_while_their_maker_writes(market: Shop, customer: Shopper) -> None:
    """A tool may search, and a search ask a vendor, in the middle of a transaction."""
    notes = CallNotes(market.units, pause_seconds=0.01)
    with market.write() as work:
        work.shoppers.get(customer.id)
        notes.add(use(turn_id="noted"))
        notes.add(use(turn_id="noted"))
    notes.close()

    with market.read() as work:
        assert len(work.model_calls.of_turn("noted")) == 2


def test_what_cannot_be_written_yet_is_written_later(
    market: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    notes = CallNotes(market.units, pause_seconds=60)
    notes.add(use(turn_id="first"))
    notes.add(use(turn_id="second"))

    rename(market, "model_calls", "away")
    notes.flush()
    rename(market, "away", "model_calls")
    assert "could not be noted yet" in caplog.text
    notes.close()

    with market.read() as work:
        assert [len(work.model_calls.of_turn(turn)) for turn in ("first", "second")] == [1, 1]


def rename(shop: Shop, table: str, name: str) -> None:
    with shop.units.write() as session:
        session.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))
