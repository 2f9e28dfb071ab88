"""Writes times as people of the shop's country do (pure)."""

from datetime import datetime, timedelta

from knowledge.fulfilment.models import Slot
from knowledge.profile import ShopProfile

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NOON = 12


def slot_label(slot: Slot, profile: ShopProfile) -> str:
    """Write "Tue Nov 24, 10 am-12 pm" in America, "Tue 24 Nov, 10:00-12:00" elsewhere."""
    return span_label(slot.starts_at, slot.ends_at, profile)


def span_label(starts_at: datetime, ends_at: datetime, profile: ShopProfile) -> str:
    starts, ends = (moment.astimezone(profile.timezone) for moment in (starts_at, ends_at))
    day, month = _DAYS[starts.weekday()], _MONTHS[starts.month - 1]
    if profile.country == "US":
        return f"{day} {month} {starts.day}, {_american(starts)}-{_american(ends)}"
    return f"{day} {starts.day} {month}, {starts:%H:%M}-{ends:%H:%M}"


def day_label(moment: datetime, profile: ShopProfile) -> str:
    """Write "Nov 24, 2026" in America, "24 Nov 2026" elsewhere."""
    day = moment.astimezone(profile.timezone)
    month = _MONTHS[day.month - 1]
    if profile.country == "US":
        return f"{month} {day.day}, {day.year}"
    return f"{day.day} {month} {day.year}"


def until_label(ends_at: datetime, now: datetime, profile: ShopProfile) -> str:
    """Write "until Sunday" for the next days, else "until Dec 31, 2026", with the hour if any.

    The moment itself is no longer in it: what ends at midnight is good until the day before.
    """
    end, today = (moment.astimezone(profile.timezone) for moment in (ends_at, now))
    last = end - timedelta(seconds=1)
    ahead = (last.date() - today.date()).days
    if ahead <= 1:
        day = "tomorrow" if ahead else "today"
    elif ahead < len(_DAYS):
        day = f"{last:%A}"
    else:
        day = day_label(last, profile)
    whole = (end.hour, end.minute) == (0, 0)
    if whole:
        return f"until {day}" if ahead else "until the end of today"
    hour = _american(end) if profile.country == "US" else f"{end:%H:%M}"
    return f"until {day}, {hour}"


def _american(moment: datetime) -> str:
    half = "am" if moment.hour < _NOON else "pm"
    minutes = f":{moment:%M}" if moment.minute else ""
    return f"{moment.hour % _NOON or _NOON}{minutes} {half}"
