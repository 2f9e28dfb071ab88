"""Takes card numbers, accounts, ids and passwords out of a message before it is kept or read."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from assistant.safety.check_digits import (
    is_barcode,
    is_card,
    is_codice_fiscale,
    is_french_id,
    is_iban,
    is_spanish_id,
    passes_eleven,
    passes_luhn,
    plain_digits,
)
from assistant.safety.said_secrets import keys, passwords
from assistant.safety.spoken_numbers import Spoken, spoken_numbers

_UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
_GAP = rf"[\s./\-_\u2010-\u2015\u00b7,|*:~()<>{_UNSEEN}]{{1,3}}"
_DIGITS = re.compile(rf"\d+(?:{_GAP}\d+)*")
_RUN = re.compile(rf"\d(?:[{_UNSEEN}]*\d)*")
_CARD_WORD = re.compile(
    r"(?:cards?|visa|master\s?card|amex|american express|maestro|discover|diners|cc|pan)\b"
    r"(?:\s+(?:number|no|nr|num|is|ends?|it|here|details?|my|the|credit|debit)\b|[\s:#.,=*_-])*$",
    re.IGNORECASE,
)
_LOOK_BACK = 48
_PART = r"\d{4}(?:[ -]?\d{4}){0,2}"
_JOINT = (
    r"(?:[\s,.;:]|\b(?:and|then|after|that|the|second|half|part|next|last|rest|is|are|four|eight|"
    r"digits?|followed|by|comes?|finally)\b){1,12}?"
)
_HALVES = re.compile(rf"(?<!\d)(?<!\d[ -]){_PART}(?:{_JOINT}{_PART}){{1,3}}(?!\d)", re.IGNORECASE)
_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|csc|cid|security (?:code|number)|card code)\b"
    r"(?:\s*(?:is|code|number|no)\b)*[\s:#=.,-]*(\d(?:[ -]?\d){2,3})\b"
    r"|\b(?:code|digits|number)\s+on\s+the\s+(?:back|front)(?:\s+of\s+(?:my|the|it)(?:\s+card)?)?"
    r"(?:\s*(?:is|are)\b)?[\s:=]*(\d(?:[ -]?\d){2,3})\b",
    re.IGNORECASE,
)
_SPOKEN_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|csc|security code|pin)\b(?:\s*(?:is|code|number)\b)*[\s:#=.,-]*$",
    re.IGNORECASE,
)
_SPOKEN_ID = re.compile(
    r"\b(?:ssn|social security|social insurance)\b(?:\s*(?:is|number)\b)*[\s:#=.,-]*$",
    re.IGNORECASE,
)
_SAID_EXPIRY = re.compile(
    r"\b(?:exp(?:ir\w+)?|valid (?:thru|until|to))\b(?:\s*date)?[\s:.]*"
    r"(?P<date>(?:0[1-9]|1[0-2])\s?(?:20)?[2-4]\d\b|[a-z]{3,9}\.?\s+(?:20)?[2-4]\d\b)"
    r"|(?<= removed\])[\s,]{1,3}(?P<after>(?:0[1-9]|1[0-2])\s[2-4]\d)\b",
    re.IGNORECASE,
)
_EXPIRY = re.compile(
    r"(?<![\d.,/-])(?:0?[1-9]|1[0-2])\s?[/\-.]\s?(?:20)?[2-4]\d(?![\d/%-])(?!\.\d)"
)
_LOOSE_CODE = re.compile(
    r"(?<= removed\])[\s,;.:&/-]{1,4}(?P<code>\d{3,4})(?![\d%/-]|[.,]\d|\s?(?:g|kg|ml|l|x|oz)\b)"
)
_NEAR = 40
_IBAN = re.compile(
    r"(?<![^\W_])[A-Z][ -]?[A-Z][ -]?\d[ -]?\d(?:[ -]?[A-Z0-9]){11,32}", re.IGNORECASE
)
_MOSTLY = 0.6
"""So many of an account's signs are digits; "me 22 ..." goes on with words."""
_SHORTEST_IBAN = 15
_US_ID = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}[- ](?!00)\d{2}[- ](?!0000)\d{4}(?![\d-])")
_ID_WORD = re.compile(
    r"\b(?:ssn|social security|social insurance|sin|national id|id(?:entity)? (?:card|number)|dni|"
    r"nie|nif|bsn|nino|national insurance|steuer[\s-]?id\w*|tax id\w*|passport)\b"
    r"(?:\s*(?:number|no|nr|is)\b)*[\s:#.=-]*([A-Z]?[A-Z0-9](?:[ -]?[A-Z0-9]){6,13})(?![\w])",
    re.IGNORECASE,
)
_CODICE = re.compile(r"\b[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]\b", re.IGNORECASE)
_FRENCH_ID = re.compile(r"\b[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?\d\d ?\d{3} ?\d{3} ?\d\d\b")
_NINO = re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2}(?: \d\d){3} [A-D]\b", re.IGNORECASE)
_LABELS = {
    "card": "card number",
    "card_code": "card code",
    "card_expiry": "card date",
    "iban": "account number",
    "national_id": "personal id",
    "password": "password",
    "key": "secret key",
}
_SHORT_CARD, _OLD_CARD, _LONGEST_CARD, _HALF, _NINE = 14, 13, 19, 8, 9
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Redacted:
    """``found`` names each kind of secret that was taken out, in the order of first finding."""

    text: str
    found: tuple[str, ...] = ()


def redact(text: str) -> Redacted:
    """Barcodes, order numbers, phone numbers, prices and addresses stay: a shop needs them."""
    found: list[str] = []
    for kind, find in _FINDERS:
        spans = list(find(text))
        if spans:
            found.append(kind)
            text = _without(text, spans, _LABELS[kind])
            if kind == "card":
                text = _beside_cards(text, found)
    return Redacted(text, tuple(dict.fromkeys(found)))


def _without(text: str, spans: list[Span], label: str) -> str:
    last = len(text)
    for start, end in sorted(spans, reverse=True):
        if end > last:  # two patterns found the same
            continue
        last = start
        text = f"{text[:start]}[{label} removed]{text[end:]}"
    return text


def _cards(text: str) -> Iterator[Span]:
    """Numbers in one piece, in equal groups, or in a card's own groups; others beside its name."""
    for match in _DIGITS.finditer(text):
        runs = [found.span() for found in _RUN.finditer(text, *match.span())]
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        span = _card_in(text, runs, named=_CARD_WORD.search(before) is not None)
        while span is not None:
            yield span
            runs = [run for run in runs if run[0] >= span[1]]
            span = _card_in(text, runs, named=False)


def _spoken_cards(text: str) -> Iterator[Span]:
    for spoken in spoken_numbers(text):
        first = 0
        while first < len(spoken.pieces):
            end = _spoken_card(spoken, first)
            if end is not None:
                yield spoken.pieces[first][0], spoken.pieces[end - 1][1]
            first = end or first + 1


def _spoken_card(spoken: Spoken, first: int) -> int | None:
    """Behind which piece the longest number ends that begins here and is a card's."""
    digits, found = "", None
    for place, (_, _, more) in enumerate(spoken.pieces[first : first + _LONGEST_CARD], first + 1):
        digits += more
        if len(digits) > _LONGEST_CARD:
            break
        if len(digits) > _OLD_CARD and is_card(digits):
            found = place
    return found


def _halved_cards(text: str) -> Iterator[Span]:
    """Each part of a number that goes on after a word or two."""
    for match in _HALVES.finditer(text):
        runs = list(re.finditer(r"\d(?:[ -]?\d)*", match[0]))
        if is_card(plain_digits("".join(one[0] for one in runs))):
            yield from ((match.start() + one.start(), match.start() + one.end()) for one in runs)


def _card_in(text: str, runs: list[Span], *, named: bool) -> Span | None:
    lengths = [len(plain_digits(text[start:end])) for start, end in runs]
    for first in range(len(runs)):
        for size, total in enumerate(accumulate(lengths[first:]), start=1):
            if total > _LONGEST_CARD:
                break
            if total < _OLD_CARD or not (named or _as_on_a_card(lengths[first : first + size])):
                continue
            start, end = runs[first][0], runs[first + size - 1][1]
            if _is_card(plain_digits(text[start:end]), alone=size == 1, named=named):
                return start, end
    return None


def _as_on_a_card(lengths: list[int]) -> bool:
    equal = len(set(lengths[:-1])) <= 1 and lengths[-1] <= lengths[0] <= _HALF
    fours = all(length % 4 == 0 for length in lengths)
    return len(lengths) == 1 or lengths in ([4, 6, 5], [4, 6, 4]) or equal or fours


def _is_card(digits: str, *, alone: bool, named: bool) -> bool:
    if not is_card(digits):
        return False
    if named:
        return True
    if len(digits) == _OLD_CARD:  # cards of 13 digits are gone; barcodes are not
        return False
    return not (len(digits) == _SHORT_CARD and alone and is_barcode(digits))


def _beside_cards(text: str, found: list[str]) -> str:
    """Take out the date and the code that stand next to a card number."""
    found_dates = [
        *(match.span() for match in _EXPIRY.finditer(text)),
        *(
            match.span("date" if match["date"] else "after")
            for match in _SAID_EXPIRY.finditer(text)
        ),
    ]
    dates = [span for span in found_dates if _near_card(text, *span)]
    if dates:
        found.append("card_expiry")
        text = _without(text, dates, _LABELS["card_expiry"])
    while (match := _LOOSE_CODE.search(text)) is not None:
        found.append("card_code")
        text = _without(text, [match.span("code")], _LABELS["card_code"])
    return text


def _near_card(text: str, start: int, end: int) -> bool:
    label = f"[{_LABELS['card']} removed]"
    return label in text[max(0, start - _NEAR) : start] or label in text[end : end + _NEAR]


def _ibans(text: str) -> Iterator[Span]:
    for match in _IBAN.finditer(text):
        piece = match[0]
        for end in range(len(piece), _SHORTEST_IBAN - 1, -1):
            bare = re.sub(r"[ -]", "", piece[:end]).upper()
            spaced = not piece[:4].isalnum()
            if spaced and sum(map(str.isdecimal, bare)) < _MOSTLY * len(bare):
                continue
            if piece[end - 1].isalnum() and is_iban(bare):
                yield match.start(), match.start() + end
                break


def _ids(text: str) -> Iterator[Span]:
    yield from (match.span() for match in _US_ID.finditer(text))
    yield from _spoken_after(text, _SPOKEN_ID, (9,))
    yield from (match.span() for match in _NINO.finditer(text))
    yield from (match.span() for match in _CODICE.finditer(text) if is_codice_fiscale(match[0]))
    yield from (match.span() for match in _FRENCH_ID.finditer(text) if is_french_id(match[0]))
    for match in _ID_WORD.finditer(text):
        bare = re.sub(r"[ -]", "", match[1]).upper()
        digits = plain_digits(bare)
        if is_spanish_id(bare) or (
            digits == bare and (passes_eleven(bare) or len(bare) == _NINE or passes_luhn(bare))
        ):
            yield match.span(1)


def _codes(text: str) -> Iterator[Span]:
    yield from (match.span(1 if match[1] else 2) for match in _CODE.finditer(text))
    yield from _spoken_after(text, _SPOKEN_CODE, (3, 4, 5, 6))


def _spoken_after(text: str, name: re.Pattern[str], lengths: tuple[int, ...]) -> Iterator[Span]:
    for spoken in spoken_numbers(text):
        start, end = spoken.pieces[0][0], spoken.pieces[-1][1]
        if len(spoken.digits) in lengths and name.search(text[max(0, start - _LOOK_BACK) : start]):
            yield start, end


_FINDERS: tuple[tuple[str, Callable[[str], Iterator[Span]]], ...] = (
    ("key", keys),
    ("iban", _ibans),
    ("card_code", _codes),
    ("card", _cards),
    ("card", _spoken_cards),
    ("card", _halved_cards),
    ("national_id", _ids),
    ("password", passwords),
)
