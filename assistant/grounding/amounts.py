"""Finds amounts of money in free wording, such as "$4.99" or "three dollars forty-nine"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

_SIGN = r"(?:US\$|CA\$|A\$|\$|€|£|₹|¥)"
_CODE = r"(?:USD|EUR|GBP|INR|JPY|CHF|CAD|AUD|SEK|NOK|DKK|PLN)"
_NAME = r"(?:dollars?|bucks?|euros?|pounds?(?! of)|quid|francs?|rupees?|yen|kron(?:er|or|a))"
_CENTS = r"(?:cents?|pence|ct)"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d{1,2}(?!\d))?"
_HEDGE = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|circa|ca\.?|almost|nearly|some|close to|"
    r"(?:just|slightly|barely|a (?:little|bit|touch|tad|hair)) (?:under|over|above|below|shy of|"
    r"more than|less than)|or so|etwa|rund|ungefähr|knapp|gut|unos|unas|casi|aproximadamente|"
    r"(?:just |a (?:bit|little|tad|touch|shade|hair) )?(?:short|shy) of|not quite|a good|a whisker "
    r"(?:under|over)|a shade (?:under|over|below|above)|a little less than|poco (?:más|menos) de|"
    r"algo (?:más|menos) de|alrededor de|cerca de|más o menos|etwas (?:über|unter|mehr als|"
    r"weniger als)|(?:kurz|knapp) (?:unter|über)|fast|beinahe|circa|"
    r"(?:just|only) a (?:bit|little) (?:under|over))|(?<!~)~|≈)"
    r"[\s*_]*$",
    re.IGNORECASE,
)
_UPPER = re.compile(
    r"\b(?:under|below|less than|up to|at most|no more than|within|cheaper than)\s*$", re.IGNORECASE
)
_LOWER = re.compile(r"\b(?:over|above|more than|at least)\s*$", re.IGNORECASE)
_MONEY = re.compile(
    rf"(?P<minus>[-\u2212\u2013](?=\s?[$€£₹¥]))?(?:"
    rf"{_SIGN}\s?(?P<signed>-?(?:{_NUMBER}))"
    rf"|(?P<coded>{_NUMBER})\s?(?:{_SIGN}|{_CODE}\b)"
    rf"|{_CODE}\s?(?P<precoded>{_NUMBER})"
    rf"|(?P<named>{_NUMBER})[\s-]?{_NAME}\b(?:(?:\s+and)?\s+(?P<cents>\d{{1,2}})(?:\s*{_CENTS}\b)?)?"
    rf"|(?P<small>\d{{1,3}})\s?(?:{_CENTS}\b|¢)"
    r")",
    re.IGNORECASE,
)
_CLOSE_BY = 48
_BARE = re.compile(
    r"(?<![\w.,/])\d+\.\d{2}(?![\w%]|[.,]\d)(?!\s?(?:kg|g|mg|l|ml|cl|oz|lb|%|stars?|/5)\b)"
    r"(?!\s?(?:of the|of|vs\.?|versus|against|and|to|or|-|\u2013|instead of|"
    r"g? ?than)\s\d+(?:\.\d+)?\s?(?:kg|g|ml|l|%)\b)"
)
_ANY = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?!\w)")
_CURRENCIES: dict[str, frozenset[str]] = {
    sign: frozenset(codes.split())
    for sign, codes in {
        "us$": "USD",
        "ca$": "CAD",
        "a$": "AUD",
        "$": "USD CAD AUD",
        "€": "EUR",
        "£": "GBP",
        "₹": "INR",
        "¥": "JPY",
        "dollar": "USD CAD AUD",
        "buck": "USD CAD AUD",
        "euro": "EUR",
        "pound": "GBP",
        "quid": "GBP",
        "pence": "GBP",
        "franc": "CHF",
        "rupee": "INR",
        "yen": "JPY",
        "kron": "SEK NOK DKK",
        **{code.lower(): code for code in _CODE[3:-1].split("|")},
    }.items()
}
_SMALL = {
    word: number
    for number, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
            *("seventeen", "eighteen", "nineteen"),
        )
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_UNITS = "|".join(list(_SMALL)[1:10])
_WORDED = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{_UNITS}))?|{'|'.join(sorted(_SMALL, reverse=True))})"
)
_SPELLED = re.compile(
    rf"\b(?:(?P<hundreds>{_UNITS}|a)\shundred(?:\s(?:and\s)?(?P<rest>{_WORDED}))?|"
    rf"(?P<whole>{_WORDED}))"
    rf"[\s-]{_NAME}\b(?:(?:\s+and)?\s+(?P<cents>{_WORDED})(?:\s+{_CENTS}\b)?)?",
    re.IGNORECASE,
)
_HALF = re.compile(
    rf"\b(?P<whole>\d{{1,3}}|{_WORDED})(?:\s{_NAME})? and a half(?:\s{_NAME})?\b|"
    rf"\b(?P<half>half a)\s{_NAME}\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"\b(?:a|one) (?:dollar|buck|euro)\b(?:(?:\s+and)?\s+(?P<cents>{_WORDED}|\d\d)"
    rf"(?:\s+{_CENTS})?\b)?",
    re.IGNORECASE,
)
# "eight forty-nine": how prices are spoken.
_SPOKEN = re.compile(
    rf"\b(?:is|are|at|for|costs?|it's|just|only)\s(?P<whole>{_UNITS})\s"
    rf"(?P<cents>(?:{'|'.join(_TENS)})(?:[\s-](?:{_UNITS}))?)\b(?!\s?(?:g|kg|ml|l)\b)",
    re.IGNORECASE,
)
_SPELLED_CENTS = re.compile(rf"\b(?P<cents>{_WORDED})[\s-]{_CENTS}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """``whole``: written without cents. ``bound``: said as a limit, such as "under $5" (upper)."""

    value: Decimal
    text: str
    start: int
    whole: bool = False
    hedged: bool = False
    bound: Literal["upper", "lower"] | None = None


def currencies_of(text: str) -> frozenset[str]:
    """The currencies an amount may be in as it is written; empty when it does not tell."""
    written = text.lower()
    return next((codes for sign, codes in _CURRENCIES.items() if sign in written), frozenset())


@lru_cache(maxsize=4096)
def find_amounts(text: str, *, bare: bool = False) -> tuple[Amount, ...]:
    """Amounts in the order they stand; ``bare`` takes every other number for one, too."""
    found: list[Amount] = []
    taken: list[tuple[int, int]] = []
    for match, value, whole in _written(text, bare=bare):
        if any(match.start() < end and start < match.end() for start, end in taken):
            continue
        taken.append(match.span())
        before = text[max(0, match.start() - _CLOSE_BY) : match.start()]
        after = text[match.end() : match.end() + 6].lower()
        found.append(
            Amount(
                value,
                match[0],
                match.start(),
                whole=whole,
                hedged=_HEDGE.search(before) is not None or after.startswith(" or so"),
                bound=_bound(before),
            )
        )
    return tuple(sorted(found, key=lambda amount: amount.start))


def _written(text: str, *, bare: bool) -> Iterator[tuple[re.Match[str], Decimal, bool]]:
    """Each with its value, and whether it is without cents; the surest ways to write one first."""
    for match in _HALF.finditer(text):
        if re.search(_NAME, match[0], re.IGNORECASE):
            whole = match["whole"]
            size = 0 if not whole else int(whole) if whole.isdigit() else _number(whole)
            yield match, size + Decimal("0.5"), False
    for match in _ONE.finditer(text):
        cents = match["cents"] or "0"
        size = int(cents) if cents.isdigit() else _number(cents)
        yield match, 1 + Decimal(size) / 100, match["cents"] is None
    for match in _SPELLED.finditer(text):
        yield match, _spelled(match), match["cents"] is None
    for match in _MONEY.finditer(text):
        yield match, *_figure(match)
    for match in _SPELLED_CENTS.finditer(text):
        yield match, Decimal(_number(match["cents"])) / 100, False
    for match in _SPOKEN.finditer(text):
        yield (
            match,
            Decimal(_number(match["whole"])) + Decimal(_number(match["cents"])) / 100,
            False,
        )
    for match in (_ANY if bare else _BARE).finditer(text):
        yield match, Decimal(match[0]), "." not in match[0]


def _figure(match: re.Match[str]) -> tuple[Decimal, bool]:
    if match["small"] is not None:
        return Decimal(match["small"]) / 100, False
    number = match["signed"] or match["coded"] or match["precoded"] or match["named"]
    value = _value(number)
    if match["cents"]:
        value += Decimal(match["cents"]) / 100
    if match["minus"]:
        value = -value
    return value, value == value.to_integral_value() and "." not in number


def _bound(before: str) -> Literal["upper", "lower"] | None:
    if _UPPER.search(before):
        return "upper"
    return "lower" if _LOWER.search(before) else None


def _value(text: str) -> Decimal:
    if re.fullmatch(r"-?\d+,\d{1,2}", text):
        return Decimal(text.replace(",", "."))
    return Decimal(text.replace(",", ""))


def _spelled(match: re.Match[str]) -> Decimal:
    if match["hundreds"]:
        hundreds = 1 if match["hundreds"].lower() == "a" else _number(match["hundreds"])
        value = Decimal(100 * hundreds + (_number(match["rest"]) if match["rest"] else 0))
    else:
        value = Decimal(_number(match["whole"]))
    return value + (Decimal(_number(match["cents"])) / 100 if match["cents"] else 0)


def _number(words: str) -> int:
    return sum(_TENS.get(word, _SMALL.get(word, 0)) for word in re.split(r"[\s-]+", words.lower()))
