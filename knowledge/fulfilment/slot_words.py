"""Understands how people name a slot: "tomorrow evening", "the first one", "slot 2" (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from knowledge.fulfilment.models import Slot
from knowledge.profile import ShopProfile

_ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "5th": 5, "sixth": 6, "6th": 6, "last": -1,
}  # fmt: skip
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
}  # fmt: skip
_PLACE = re.compile(
    r"^(?:the )?(?:slot|option|number|nr|no|#)?\s*[.#]?\s*(\d{1,2}|" + "|".join(_NUMBERS) + r")$"
)
_ORDINAL = re.compile(r"^(?:the |take the )?(" + "|".join(_ORDINALS) + r")(?: one| slot| option)?$")
_SOONEST = re.compile(
    r"\b(?:first|earliest|soonest|next(?! (?:week|mon|tue|wed|thu|fri|sat|sun))|any|asap|"
    r"as soon as possible|whatever|anytime)\b"
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur|urs)?(?:day)?s?\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_DAY = re.compile(
    rf"\b(?:({'|'.join(_MONTHS)})[a-z]*\.? (\d{{1,2}})|(\d{{1,2}})\.? ?({'|'.join(_MONTHS)})[a-z]*)"
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_NTH = re.compile(r"\b(?:the )?(\d{1,2})(?:st|nd|rd|th)\b")
_PARTS = {"morning": (0, 12), "noon": (11, 14), "lunch": (11, 14), "afternoon": (12, 17),
          "evening": (17, 24), "tonight": (17, 24), "night": (17, 24)}  # fmt: skip
_HOUR = r"(\d{1,2})(?::(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?"
_SPAN = re.compile(rf"(?:between |from )?{_HOUR}\s*(?:-|\u2013|to|and|until|till)\s*{_HOUR}")
_BOUND = re.compile(rf"\b(after|from|past|before|by|until)\s+(?:{_HOUR}|(noon|midday))")
_AT = re.compile(rf"(?:\b(?:at|around|about)\s+{_HOUR}|\b{_HOUR})(?!\d)")
_DAY = timedelta(days=1)
_EARLIEST_HOUR = 7
"""An hour below it that names no half of the day is meant in the afternoon."""
_NOON = 12


@dataclass(frozen=True, slots=True)
class SlotWish:
    """The slots that fit what was said. Not ``understood`` when it named none at all."""

    slots: tuple[Slot, ...]
    understood: bool = True


def find_slots(
    text: str, slots: Sequence[Slot], *, shown: Sequence[str], now: datetime, profile: ShopProfile
) -> SlotWish:
    """``slots`` in order of time; ``shown`` are the ids of those offered last, in their order."""
    said = " ".join(text.lower().replace(",", " ").split()).strip(" .!")
    by_id = {slot.id: slot for slot in slots}
    exact = {slot_id.lower(): slot for slot_id, slot in by_id.items()}.get(said)
    if exact is not None:
        return SlotWish((exact,))
    place = _place(said)
    if place is not None:
        offered = shown or [slot.id for slot in slots]
        if not 0 < abs(place) <= len(offered):
            return SlotWish((), understood=False)
        chosen = by_id.get(offered[place - 1 if place > 0 else place])
        return SlotWish((chosen,) if chosen else ())
    here = now.astimezone(profile.timezone)
    fitting, understood = _filtered(said, slots, here, profile)
    if _SOONEST.search(said):
        return SlotWish(tuple(fitting[:1]))
    return SlotWish(tuple(fitting) if understood else (), understood)


def _place(said: str) -> int | None:
    ordinal = _ORDINAL.match(said)
    if ordinal:
        return _ORDINALS[ordinal[1]]
    match = _PLACE.match(said)
    if match is None:
        return None
    return _NUMBERS.get(match[1]) or int(match[1])


def _filtered(
    said: str, slots: Sequence[Slot], here: datetime, profile: ShopProfile
) -> tuple[list[Slot], bool]:
    fitting, understood = list(slots), False
    day, rest = _day(said, here.date())
    if day is not None:
        understood = True
        fitting = [one for one in fitting if _begin(one, profile).date() == day]
    hours = _hours(rest)
    if hours is not None:
        return _within(fitting, *hours, profile), True
    for word, (first, last) in _PARTS.items():
        if re.search(rf"\b{word}\b", rest):
            understood = True
            fitting = [one for one in fitting if first <= _begin(one, profile).hour < last]
            break
    return fitting, understood


def _day(said: str, today: date) -> tuple[date | None, str]:  # noqa: PLR0911 - a case each
    """The day meant, and the words without it, so that "the 24th" is not read as an hour."""
    if "day after tomorrow" in said:
        return today + 2 * _DAY, said.replace("day after tomorrow", "")
    if re.search(r"\btomorrow\b|\btmrw\b|\btmw\b", said):
        return today + _DAY, said
    if re.search(r"\btoday\b|\btonight\b", said):
        return today, said
    iso = _ISO.search(said)
    if iso:
        return _date(int(iso[1]), int(iso[2]), int(iso[3])), said.replace(iso[0], "")
    named = _MONTH_DAY.search(said)
    if named:
        month = _MONTHS.index(named[1] or named[4]) + 1
        return _coming(month, int(named[2] or named[3]), today), said.replace(named[0], "")
    weekday = _WEEKDAY.search(said)
    if weekday:
        ahead = (_WEEKDAYS.index(weekday[1]) - today.weekday()) % 7
        return today + (ahead or 7 * ("next" in said)) * _DAY, said
    nth = _NTH.search(said)
    if nth:
        month = today.month if int(nth[1]) >= today.day else today.month % 12 + 1
        return _coming(month, int(nth[1]), today), said.replace(nth[0], "")
    return None, said


def _coming(month: int, day: int, today: date) -> date | None:
    this_year = _date(today.year, month, day)
    return (
        this_year if this_year is None or this_year >= today else _date(today.year + 1, month, day)
    )


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return date.max  # named, but there is none: nothing fits


def _hours(said: str) -> tuple[str, time, time | None] | None:
    """How it is bounded ("in", "after", "before", "at"), and by which hours."""
    span = _SPAN.search(said)
    if span:
        ends = _time(span[4], span[5], span[6])
        starts = _time(span[1], span[2], span[3] or (span[6] if ends else None))
        if starts and ends and starts > ends:
            starts = _time(span[1], span[2], "am")
        return ("in", starts, ends) if starts and ends else None
    bound = _BOUND.search(said)
    if bound:
        hour = time(_NOON) if bound[5] else _time(bound[2], bound[3], bound[4])
        kind = "after" if bound[1] in {"after", "from", "past"} else "before"
        return (kind, hour, None) if hour else None
    at = _AT.search(said)
    if at:
        hour = _time(at[1] or at[4], at[2] or at[5], at[3] or at[6])
        return ("at", hour, None) if hour else None
    return None


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    number = int(hour)
    if half and half.startswith("p") and number < _NOON:
        number += _NOON
    elif half and half.startswith("a") and number == _NOON:
        number = 0
    elif not half and number < _EARLIEST_HOUR:
        number += _NOON
    try:
        return time(number % 24, int(minute or 0))
    except ValueError:
        return None


def _within(
    slots: Sequence[Slot], kind: str, first: time, last: time | None, profile: ShopProfile
) -> list[Slot]:
    def span(slot: Slot) -> tuple[time, time]:
        ends = slot.ends_at.astimezone(profile.timezone).time()
        return _begin(slot, profile).time(), ends if ends > time(0) else time.max

    if kind == "after":
        return [slot for slot in slots if span(slot)[0] >= first]
    if kind == "before":
        return [slot for slot in slots if span(slot)[1] <= first]
    if kind == "at" or last is None:
        return [slot for slot in slots if span(slot)[0] <= first < span(slot)[1]]
    inside = [slot for slot in slots if first <= span(slot)[0] and span(slot)[1] <= last]
    return inside or [slot for slot in slots if span(slot)[0] < last and first < span(slot)[1]]


def _begin(slot: Slot, profile: ShopProfile) -> datetime:
    return slot.starts_at.astimezone(profile.timezone)
