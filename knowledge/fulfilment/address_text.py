"""Reads an address as people type it, American or European, and says what it lacks (pure)."""

import re
from dataclasses import dataclass

from knowledge.errors import InvalidInput
from knowledge.fulfilment.models import PlainAddress

LONGEST_TEXT = 300
_LONGEST_LINE = 100
_MOST_LINES = 4
_LEAD = re.compile(
    r"^(?:please )?(?:(?:deliver|send|ship|bring)(?: it| them| everything)? to|to|"
    r"(?:my |the )?(?:delivery )?address(?: is|:)|i live (?:at|in))\s+",
    re.IGNORECASE,
)
_NAME = re.compile(r"^(?P<name>[^\W\d][\w '-]{0,23})\s*:\s*(?P<rest>.+)$", re.DOTALL)
_COUNTRIES = {
    "usa": "US", "us": "US", "u.s.": "US", "u.s.a.": "US", "united states": "US",
    "united states of america": "US", "america": "US", "canada": "CA", "uk": "GB",
    "united kingdom": "GB", "great britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "northern ireland": "GB", "ireland": "IE", "germany": "DE",
    "deutschland": "DE", "france": "FR", "austria": "AT", "österreich": "AT",
    "switzerland": "CH", "schweiz": "CH", "suisse": "CH", "netherlands": "NL",
    "the netherlands": "NL", "nederland": "NL", "belgium": "BE", "luxembourg": "LU",
    "denmark": "DK", "sweden": "SE", "norway": "NO", "finland": "FI", "spain": "ES",
    "españa": "ES", "portugal": "PT", "italy": "IT", "italia": "IT", "poland": "PL",
    "polska": "PL", "czechia": "CZ", "czech republic": "CZ", "greece": "GR", "hungary": "HU",
    "australia": "AU", "new zealand": "NZ", "india": "IN", "japan": "JP",
}  # fmt: skip
_LETTERED = (
    ("GB", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)),
    ("CA", re.compile(r"\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b", re.IGNORECASE)),
    ("NL", re.compile(r"\b\d{4} ?[A-Z]{2}\b")),
)
_DIGITS = re.compile(
    r"(?<![\w-])(?:\d{5}-\d{4}|\d{2}-\d{3}|\d{4}-\d{3}|\d{3} \d{2}|\d{4,6})(?![\w-])"
)
_REGION = re.compile(r"^[A-Z]{2}$")
_STREET = re.compile(
    r"^(?P<street>.*\b(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|court|ct|boulevard|blvd|"
    r"way|place|pl|terrace|close|square|sq|highway|hwy|parkway|pkwy)\b\.?"
    r"(?:,? (?:apt|apartment|unit|suite|ste|flat|#)\.? ?\w+)?)\s+(?P<city>[^\d,]+)$",
    re.IGNORECASE,
)


class AddressIncomplete(InvalidInput):
    """Something is not said; ``missing`` names it in words."""

    def __init__(self, missing: tuple[str, ...], example: str) -> None:
        what = " and ".join(missing)
        super().__init__(f"The address lacks the {what}. Say it like this: {example}.")
        self.missing = missing


@dataclass(frozen=True, slots=True)
class ReadAddress:
    """An address and the name it was given, as in "home: 12 Elm Street, ..."."""

    place: PlainAddress
    name: str | None = None


def read_address(text: str, *, country: str = "US") -> ReadAddress:
    """Raises ``AddressIncomplete`` and says what is missing; ``country`` is the shop's own."""
    name, rest = split_name(text)
    parts = _parts(rest)
    named = _COUNTRIES.get(parts[-1].lower()) if len(parts) > 1 else None
    if named:
        parts.pop()
    found = _find_code(parts, named or country)
    if found is None:
        raise AddressIncomplete(_lacking(parts), _example(country))
    index, start, end, meant = found
    before, after = parts[index][:start].strip(" ,"), parts[index][end:].strip(" ,")
    code = parts[index][start:end]
    if after:
        lines, city, region = [*parts[:index], before], after, None
    else:
        lines, city, region = _city_before(parts[:index], before)
        if not city and index + 1 < len(parts):
            city = parts[index + 1]
    street = tuple(line for line in lines if line)
    missing = _missing(street, city)
    if missing:
        raise AddressIncomplete(missing, _example(country))
    place = PlainAddress(
        lines=street[:_MOST_LINES],
        postal_code=" ".join(code.upper().split()),
        city=city,
        country=named or meant,
        region=region,
    )
    return ReadAddress(place, name)


def split_name(text: str) -> tuple[str | None, str]:
    """Take off "home:" and the like from the front."""
    cleaned = _LEAD.sub("", text.strip())
    named = _NAME.match(cleaned)
    if named is None:
        return None, cleaned
    return named["name"].strip(), named["rest"]


def looks_like_address(text: str) -> bool:
    """Whether it is more than a name such as "home" or "my office"."""
    return bool(re.search(r"\d", text)) or len(_parts(text)) > 1


def _parts(text: str) -> list[str]:
    pieces = re.split(r"[,;\r\n]+", text[:LONGEST_TEXT])
    cleaned = (" ".join(re.sub(r"[\x00-\x1f\x7f]", " ", piece).split()) for piece in pieces)
    return [piece.strip(" .")[:_LONGEST_LINE] for piece in cleaned if piece.strip(" .")]


def _find_code(parts: list[str], country: str) -> tuple[int, int, int, str] | None:
    """The last thing that reads as a postal code: part, start, end, and the country it speaks of.

    What an address begins with is a house number.
    """
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        for meant, pattern in _LETTERED:
            match = pattern.search(part)
            if match and (index or match.start()):
                return index, match.start(), match.end(), meant
        for match in reversed(list(_DIGITS.finditer(part))):
            if index or match.start():
                return index, match.start(), match.end(), country
    return None


def _city_before(parts: list[str], before: str) -> tuple[list[str], str, str | None]:
    """Street, city and region of an address whose postal code comes last."""
    region = None
    words = before.split()
    if words and _REGION.match(words[-1]):
        region, before = words[-1], " ".join(words[:-1])
    elif not before and len(parts) > 1 and _REGION.match(parts[-1]):
        region, parts = parts[-1], parts[:-1]
    elif before and len(parts) > 1 and not re.search(r"\d", parts[-1]):
        region, before = before, ""  # "Springfield, Illinois 62704"
    if before and parts:
        return parts, before, region
    if before:
        whole = _STREET.match(before)
        if whole:
            return [whole["street"]], whole["city"], region
        return ([before], "", region) if re.search(r"\d", before) else ([], before, region)
    if len(parts) > 1 and not re.search(r"\d", parts[-1]):
        return parts[:-1], parts[-1], region
    return parts, "", region


def _missing(street: tuple[str, ...], city: str) -> tuple[str, ...]:
    said = " ".join(street)
    lacking = []
    if not re.search(r"[^\W\d_]", said):
        lacking.append("street")
    elif not re.search(r"\d", said):
        lacking.append("house number")
    if not re.search(r"[^\W\d_]", city):
        lacking.append("city")
    return tuple(lacking)


def _lacking(parts: list[str]) -> tuple[str, ...]:
    said = " ".join(parts)
    lacking = []
    if not re.search(r"\d", said):
        lacking.append("street and number" if len(parts) < 2 else "house number")  # noqa: PLR2004
    lacking.append("postal code")
    if len(parts) < 2:  # noqa: PLR2004 - street and city
        lacking.append("city")
    return tuple(lacking)


def _example(country: str) -> str:
    if country in {"US", "CA", "AU"}:
        return "12 Elm Street, Springfield, IL 62704"
    if country in {"GB", "IE"}:
        return "12 Elm Street, London SW1A 2AA"
    return "Lindenweg 12, 10115 Berlin"
