"""Reads money and quantities that came as text; what could mean two amounts is refused."""

import re
from collections.abc import Mapping

from knowledge.catalog.feeds.amounts import read_price
from knowledge.money import minor_units
from tools.spoken_amounts import in_figures

_SIGNS = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"),
    "us$": ("USD",),
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "₹": ("INR",),
    "zł": ("PLN",),
    "kr": ("SEK", "NOK", "DKK"),
    "dollar": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD"),
    "buck": ("USD", "CAD", "AUD"),
    "euro": ("EUR",),
    "pound": ("GBP",),
    "rupee": ("INR",),
    "yen": ("JPY",),
}
_MONEY = re.compile(
    r"^(?P<before>\D{0,8}?)(?P<number>\d(?:[\d.,' \u00a0\u202f]*\d)?)(?P<after>\D{0,8})$"
)
_PLAIN = re.compile(r"^-?\d+(?:\.\d+)?$")
_THREE_PLACES = re.compile(r"^[1-9]\d{0,2}\.\d{3}$")
_TIMES = re.compile(r"^(?:[x\u00d7]\s*(\d+)|(\d+)\s*[x\u00d7])$", re.IGNORECASE)
_COMMA_OF_THREE = re.compile(r"^\d{1,3}(?:,\d{3})+(?!\d)")


def read_money(text: str, currency: str) -> str:
    """A decimal string of "$40", "40 USD", "1,250.50", "40" or "forty dollars".

    What is no amount is returned as it came. Raises ``ValueError`` for another currency, and for
    what could be two amounts, such as "1,250" or "1.250".
    """
    match = _MONEY.match(in_figures(text, currency).strip())
    if match is None:
        return text
    for sign in (match["before"], match["after"]):
        bare = sign.strip(" .\u00a0").lower()
        meant = _SIGNS.get(bare) or _SIGNS.get(bare.removesuffix("s"))
        if not bare or bare.upper() == currency:
            continue
        if meant is None and not re.fullmatch(r"[a-z]{3}", bare):
            return text
        if meant is None or currency not in meant:
            message = f"amounts are in {currency} here, and are not converted"
            raise ValueError(message)
    number = match["number"]
    if _THREE_PLACES.match(number) and minor_units(currency) < 3:  # noqa: PLR2004 - 1.250
        message = f"{number!r} could mean {number.rstrip('0')} or {number.replace('.', '')}"
        raise ValueError(message)
    return read_price(number)[0]


def money_said(value: object) -> object:
    """``{"amount": 40, "currency": "USD"}`` as the text "40 USD"; anything else as it came."""
    if not isinstance(value, Mapping) or value.keys() - {"currency"} not in ({"amount"}, {"value"}):
        return value
    return " ".join(str(value[name]) for name in ("amount", "value", "currency") if name in value)


def read_number(text: str) -> int | str:
    """A plain number; what is none is returned as it came."""
    bare = text.strip()
    if not _PLAIN.match(bare):
        return text
    whole, _, places = bare.partition(".")
    return int(whole) if not places.strip("0") and len(whole) < 19 else bare  # noqa: PLR2004


def read_quantity(text: str) -> str:
    """Read "2x" and "x 2" as "2". Raises ``ValueError`` for "1,000": one, or a thousand."""
    bare = text.strip()
    if match := _TIMES.match(bare):
        return match[1] or match[2]
    if _COMMA_OF_THREE.match(bare):
        message = "write a decimal point and no other marks in numbers"
        raise ValueError(message)
    return text
