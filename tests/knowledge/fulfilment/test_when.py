from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from knowledge.fulfilment.when import until_label
from knowledge.profile import ShopProfile

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)  # a Monday
CHICAGO = replace(ShopProfile(), timezone=ZoneInfo("America/Chicago"))


@pytest.mark.parametrize(
    ("ends_at", "said"),
    [
        (datetime(2026, 11, 24, 6, tzinfo=UTC), "until the end of today"),
        (datetime(2026, 11, 23, 23, tzinfo=UTC), "until today, 5 pm"),
        (datetime(2026, 11, 25, 6, tzinfo=UTC), "until tomorrow"),
        (datetime(2026, 11, 30, 6, tzinfo=UTC), "until Sunday"),
        (datetime(2027, 1, 1, tzinfo=UTC), "until Dec 31, 2026, 6 pm"),
        (datetime(2027, 1, 1, 6, tzinfo=UTC), "until Dec 31, 2026"),
    ],
)
def test_says_the_last_day_in_the_shops_own_time(ends_at: datetime, said: str) -> None:
    assert until_label(ends_at, NOW, CHICAGO) == said
