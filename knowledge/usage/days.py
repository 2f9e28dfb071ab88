"""When a day begins and ends for a shop, by its own calendar (pure)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from knowledge.profile import ShopProfile


def today(now: datetime, profile: ShopProfile) -> date:
    return now.astimezone(profile.timezone).date()


def day_start(day: date, profile: ShopProfile) -> datetime:
    """The moment, in UTC, at which a day begins; not every day has 24 hours."""
    return datetime.combine(day, time.min, tzinfo=profile.timezone).astimezone(UTC)


def days_between(
    since: datetime, until: datetime, profile: ShopProfile
) -> Iterator[tuple[date, datetime, datetime]]:
    """Each day of a span with its first moment and that of the next one, cut to the span."""
    day = today(since, profile)
    while day_start(day, profile) < until:
        following = day + timedelta(days=1)
        yield day, max(since, day_start(day, profile)), min(until, day_start(following, profile))
        day = following
