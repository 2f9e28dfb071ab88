from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from knowledge.budgets.models import BudgetPeriod
from knowledge.budgets.periods import period_start
from knowledge.profile import ShopProfile

SET_AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "zone", "week_start", "now", "start"),
    [
        ("trip", "UTC", 0, "2026-03-12T10:00+00:00", "2026-01-01T00:00+00:00"),
        ("week", "UTC", 0, "2026-03-12T10:00+00:00", "2026-03-09T00:00+00:00"),
        ("week", "UTC", 6, "2026-03-12T10:00+00:00", "2026-03-08T00:00+00:00"),
        ("week", "UTC", 3, "2026-03-12T00:00+00:00", "2026-03-12T00:00+00:00"),
        ("month", "UTC", 0, "2026-03-31T23:59+00:00", "2026-03-01T00:00+00:00"),
        # Clocks go forward on 29 March: the week began in winter time, the next begins in summer's.
        ("week", "Europe/Berlin", 0, "2026-03-29T12:00+00:00", "2026-03-22T23:00+00:00"),
        ("week", "Europe/Berlin", 0, "2026-03-29T22:00+00:00", "2026-03-29T22:00+00:00"),
        ("month", "Europe/Berlin", 0, "2026-04-01T00:00+00:00", "2026-03-31T22:00+00:00"),
        # The first Sunday of November has 25 hours in New York.
        ("week", "America/New_York", 6, "2026-11-02T03:00+00:00", "2026-11-01T04:00+00:00"),
        # Midnight itself is skipped in Beirut on 29 March.
        ("week", "Asia/Beirut", 6, "2026-03-29T09:00+00:00", "2026-03-28T22:00+00:00"),
    ],
)
def test_periods_begin_at_local_midnight(
    period: BudgetPeriod, zone: str, week_start: int, now: str, start: str
) -> None:
    profile = ShopProfile(timezone=ZoneInfo(zone), week_start=week_start)

    begins = period_start(period, now=datetime.fromisoformat(now), since=SET_AT, profile=profile)

    assert begins == datetime.fromisoformat(start)
    assert begins.tzinfo is UTC or period == "trip"
