"""Finds numbers, percentages, spans of time and times of day in free wording."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

WORDS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            ("a", "an", "one", "ein", "eine", "einen", "un", "una"),
            ("two", "zwei", "dos"),
            ("three", "drei", "tres"),
            ("four", "vier", "cuatro"),
            ("five", "fünf", "cinco"),
            ("six", "sechs", "seis"),
            ("seven", "sieben", "siete"),
            ("eight", "acht", "ocho"),
            ("nine", "neun", "nueve"),
            ("ten", "zehn", "diez"),
            ("eleven", "elf", "once"),
            ("twelve", "zwölf", "doce", "dozen"),
        ),
        start=1,
    )
    for word in words
}
COUNT = rf"(?:\d{{1,4}}(?![.,]?\d)|{'|'.join(sorted(WORDS, key=len, reverse=True))})"
NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\d])")
_PERCENT = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[.,]\d+)?)\s?(?:%|percent\b|per cent\b|prozent\b|por ciento\b)",
    re.IGNORECASE,
)
_UNITS = {
    "minute": r"min(?:ute)?s?|minuten|minutos?",
    "hour": r"hours?|hrs?|stunden?|horas?",
    "day": r"days?|tagen?|tage|d[ií]as?",
    "week": r"weeks?|wochen?|semanas?",
    "month": r"months?|monaten?|monate|mes(?:es)?",
    "year": r"years?|jahren?|jahre|años?",
}
_SPAN = re.compile(
    rf"\b({COUNT})(?:\s?(?:to|-|\u2013|or|bis|a)\s?({COUNT}))?[\s-]"
    r"(?:full |more |short |whole |business |working |calendar )?(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items())
    + r")\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s?(?P<half>am|pm|a\.m\.|p\.m\.)(?!\w)"
    r"|\b(?P<hour24>\d{1,2}):(?P<minute24>\d\d)\b"
    r"|\b(?P<uhr>\d{1,2})\s?(?:Uhr|o'clock)\b"
    r"|\b(?P<noon>noon|midday|midnight)\b",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(\d{1,2})(?::(\d\d))?\s?(?:-|\u2013|to|and|until|till)\s?\d{1,2}(?::\d\d)?\s?"
    r"(am|pm|a\.m\.|p\.m\.)(?!\w)",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"\b(\d{1,2})(?::(\d\d))?\s?(am|pm|a\.m\.|p\.m\.)?\s?(?:-|\u2013|to|until|till)\s?(\d{1,2})"
    r"(?::(\d\d))?\s?(am|pm|a\.m\.|p\.m\.)(?!\w)",
    re.IGNORECASE,
)
_DAYS = (
    "mon(?:days?)?|montags?|lunes",
    "tue(?:s(?:days?)?)?|dienstags?|martes",
    "wed(?:nesdays?)?|mittwochs?|miércoles",
    "thu(?:rs(?:days?)?)?|donnerstags?|jueves",
    "fri(?:days?)?|freitags?|viernes",
    "sat(?:urdays?)?|samstags?|sábados?",
    "sun(?:days?)?|sonntags?|domingos?",
)
_DAY = re.compile(rf"\b(?:{'|'.join(f'({one})' for one in _DAYS)})\b", re.IGNORECASE)
_DAY_RANGE = re.compile(r"\s*(?:-|\u2013|to|through|until|bis|a)\s*", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|"
    "Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
_DATE = re.compile(
    rf"\b(?P<month>{_MONTH})\.?\s(?:the\s)?(?P<after>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s?(?:%|g\b|"
    rf"kg\b))"
    rf"|\b(?P<before>\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?:of\s)?(?P<month2>{_MONTH})\b"
)
_ISO = re.compile(r"\b20\d\d-(\d\d)-(\d\d)")
_WEEK = 7
_HALF_DAY = 12


def count(word: str) -> int:
    """What "three", "12" or "a" means."""
    return WORDS.get(word.lower()) or int(word)


def value(text: str) -> Decimal:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        return Decimal(text.replace(",", ""))
    if text.count(",") + text.count(".") > 1:
        return Decimal(re.sub(r"\D", "", text))
    return Decimal(text.replace(",", "."))


@lru_cache(maxsize=4096)
def numbers_in(text: str) -> frozenset[Decimal]:
    found = set()
    for one in NUMBER.findall(text):
        for part in (one,) if one.count(".") < 2 else one.split("."):  # noqa: PLR2004 - a date
            if part.replace(",", "").replace(".", "").isdigit():
                found.add(value(part))
    return frozenset(found)


@lru_cache(maxsize=4096)
def percents_in(text: str) -> frozenset[Decimal]:
    return frozenset(Decimal(one.replace(",", ".")) for one in _PERCENT.findall(text))


@lru_cache(maxsize=4096)
def spans_in(text: str) -> frozenset[tuple[Decimal, str]]:
    found = set()
    for match in _SPAN.finditer(text):
        unit = next(name for name in _UNITS if match[name])
        found |= {(Decimal(count(one)), unit) for one in match.groups()[:2] if one}
    return frozenset(found)


@lru_cache(maxsize=4096)
def moments_in(text: str) -> tuple[frozenset[tuple[int, int]], frozenset[int]]:
    """Times of day, and days of the week; a range of days holds those between."""
    moments = set()
    for match in _CLOCK.finditer(text):
        if match["hour"]:
            moments.add(_moment(match["hour"], match["minute"], match["half"]))
        elif match["hour24"]:
            moments.add((int(match["hour24"]), int(match["minute24"])))
        elif match["uhr"]:
            moments.add((int(match["uhr"]), 0))
        else:
            moments.add((0 if match["noon"].lower() == "midnight" else _HALF_DAY, 0))
    for match in _FROM.finditer(text):
        moments.add(_moment(match[1], match[2], match[3]))
    return frozenset(moments), _days(text)


@lru_cache(maxsize=4096)
def dates_in(text: str) -> frozenset[tuple[int, int]]:
    found = {(int(month), int(day)) for month, day in _ISO.findall(text)}
    for match in _DATE.finditer(text):
        day = match["after"] or match["before"]
        found.add((_MONTHS.index((match["month"] or match["month2"])[:3].lower()) + 1, int(day)))
    return frozenset(found)


@lru_cache(maxsize=4096)
def lengths_in(text: str) -> frozenset[tuple[Decimal, str]]:
    """How many hours lie between the times of "8 am to 9 pm"."""
    found: set[tuple[Decimal, str]] = set()
    for match in _RANGE.finditer(text):
        start = _moment(match[1], match[2], match[3] or match[6])
        end = _moment(match[4], match[5], match[6])
        minutes = 60 * (end[0] - start[0]) + end[1] - start[1]
        if minutes > 0:
            found.add((Decimal(minutes) / 60, "hour"))
    return frozenset(found)


def _moment(hour: str, minute: str | None, half: str) -> tuple[int, int]:
    hours = int(hour) % _HALF_DAY + (_HALF_DAY if half.lower().startswith("p") else 0)
    return hours, int(minute or 0)


def _days(text: str) -> frozenset[int]:
    found: set[int] = set()
    last: tuple[int, int] | None = None
    for match in _DAY.finditer(text):
        day = next(index for index, one in enumerate(match.groups()) if one)
        if match[0].lower() in {"sun", "sat", "mar"} and match[0].islower():
            continue  # "sat" and "sun" are words, too
        if last is not None and _DAY_RANGE.fullmatch(text, last[1], match.start()):
            step = last[0]
            while step != day:
                step = (step + 1) % _WEEK
                found.add(step)
        found.add(day)
        last = (day, match.end())
    return frozenset(found)


def rounds(fact: Decimal, said: Decimal) -> bool:
    """Whether a figure may be said so, with as many places as that has."""
    exponent = said.as_tuple().exponent
    places = (
        Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent <= 0 else Decimal(1)
    )
    return (
        abs(fact).quantize(places, ROUND_HALF_UP) == abs(said)
        or abs(abs(fact) - abs(said)) <= places / 2
    )
