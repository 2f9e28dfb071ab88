"""Reads amounts of money and numbers as feeds write them; what could mean two is refused."""

import re

_SYMBOLS = {"€": "EUR", "£": "GBP", "₹": "INR", "zł": "PLN", "₩": "KRW", "₺": "TRY", "₪": "ILS"}
# A dollar or yen sign is of several currencies: it says nothing.
_SAYS_NOTHING = ("US$", "$", "¥", "Rs.", "Rs", "kr.", "kr")
_CODE = re.compile(r"^([A-Za-z]{3})\b\s*|\s*\b([A-Za-z]{3})$")
_PLAIN = re.compile(r"^[+-]?\d+(\.\d+)?$")
_BOTH = re.compile(r"^[+-]?\d{1,3}(?:(?P<group>[.,'\u2019 \u00a0\u202f])\d{3})+(?P<end>[.,]\d+)?$")
_COMMA = re.compile(r"^([+-]?\d+),(\d+)$")
_GROUPS = re.compile(r"[.,'\u2019 \u00a0\u202f]")
_THREE = 3


class UnclearNumber(ValueError):
    """The text is no number, or could mean two."""


def read_price(text: str, *, decimal_comma: bool | None = None) -> tuple[str, str | None]:
    """("15.00", "USD") of "15.00 USD", "EUR 15,00" or "€1.234,50". Raises ``UnclearNumber``."""
    words = text.strip()
    currency: str | None = None
    for symbol, code in _SYMBOLS.items():
        if symbol in words:
            words, currency = words.replace(symbol, "", 1).strip(), code
            break
    else:
        for symbol in _SAYS_NOTHING:
            if symbol in words:
                words = words.replace(symbol, "", 1).strip()
                break
    if match := _CODE.search(words):
        currency = (match[1] or match[2]).upper()
        words = (words[: match.start()] + words[match.end() :]).strip()
    return read_number(words, decimal_comma=decimal_comma), currency


def read_number(text: str, *, decimal_comma: bool | None = None) -> str:
    """A decimal string. ``decimal_comma`` None tells by the text. Raises ``UnclearNumber``."""
    words = text.strip()
    if decimal_comma is None:
        return _told_by_text(words)
    if decimal_comma:
        words = words.translate(str.maketrans(",.", ".,"))
    if not re.match(r"^[+-]?(\d+|\d{1,3}([,'\u2019 \u00a0\u202f]\d{3})+)(\.\d+)?$", words):
        raise UnclearNumber(f"{text[:40]!r} is not a number")
    return re.sub(r"[,'\u2019 \u00a0\u202f]", "", words)


def _told_by_text(words: str) -> str:
    if _PLAIN.match(words):
        return words
    if match := _COMMA.match(words):
        if len(match[2]) == _THREE:
            raise UnclearNumber(
                f"{words!r} could mean {match[1]}.{match[2]} or {match[1]}{match[2]}"
            )
        return f"{match[1]}.{match[2]}"
    match = _BOTH.match(words)
    if match and not (match["end"] or "").startswith(match["group"]):
        end = match["end"] or ""
        groups = words[: len(words) - len(end)]
        return _GROUPS.sub("", groups) + end.replace(",", ".")
    raise UnclearNumber(f"{words[:40]!r} is not a number")
