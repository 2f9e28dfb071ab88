"""When a week or a month begins for a shop, by its own calendar (pure)."""

from datetime import UTC, datetime, time, timedelta

from knowledge.budgets.models import BudgetPeriod
from knowledge.profile import ShopProfile


def period_start(
    period: BudgetPeriod, *, now: datetime, since: datetime, profile: ShopProfile
) -> datetime:
    """The moment, in UTC, from which spending counts. A trip counts from when it was set.

    Days are the calendar's, not 24 hours: a week with a clock change still starts at midnight.
    """
    if period == "trip":
        return since
    today = now.astimezone(profile.timezone).date()
    if period == "week":
        first = today - timedelta(days=(today.weekday() - profile.week_start) % 7)
    else:
        first = today.replace(day=1)
    return datetime.combine(first, time.min, tzinfo=profile.timezone).astimezone(UTC)
