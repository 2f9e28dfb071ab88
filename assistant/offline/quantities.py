"""Reads counts, amounts and money out of words."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from assistant.offline.language import Language
from assistant.offline.pieces import Amount, Count, Piece

_SYMBOLS = "$\u20ac\u00a3\u00a5"
_HUNDRED, _THOUSAND = Decimal(100), Decimal(1000)
_LONGEST_PHRASE = 4


def read_decimal(word: str) -> Decimal | None:
    if not word[:1].isdigit():
        return None
    try:
        return Decimal(word)
    except InvalidOperation:
        return None


def read_number(words: Sequence[str], at: int, language: Language) -> tuple[Decimal, int] | None:
    """A number in digits or words at this place, and how many words it takes."""
    digits = read_decimal(words[at])
    if digits is not None:
        return digits, 1
    known = language.numbers("numbers")
    total, current, length = Decimal(0), Decimal(0), 0
    while at + length < len(words):
        word = words[at + length]
        if word == "and" and length and at + length + 1 < len(words) and current % _HUNDRED == 0:
            if current and words[at + length + 1] in known:
                length += 1
                continue
            break
        if word not in known:
            break
        value = known[word]
        if value in (_HUNDRED, _THOUSAND):
            current = (current or Decimal(1)) * value
        elif length and (current % 10 or value >= 10 > current % _HUNDRED > 0):  # noqa: PLR2004 - tens
            break  # "two three" is not a number
        elif length and current and current % _HUNDRED and value >= 10:  # noqa: PLR2004 - tens
            break
        else:
            current += value
        length += 1
    total += current
    return (total, length) if length else None


def money_at(
    words: Sequence[str], at: int, language: Language, currency: str
) -> tuple[Decimal, int] | None:
    """Money with a symbol or a word of currency."""
    word = words[at]
    if word[0] in _SYMBOLS or word[-1] in _SYMBOLS:
        value = read_decimal(word.strip(_SYMBOLS))
        if value is None:
            return None
        more = at + 1 < len(words) and words[at + 1] in language.words["currency_words"]
        return value, 1 + more
    number = read_number(words, at, language)
    if number is None and word in language.set_of("articles") and at + 1 < len(words):
        number = (Decimal(1), 1)
    if number is None or at + number[1] >= len(words):
        return None
    unit = words[at + number[1]]
    factor = language.words["currency_words"].get(unit)
    likes = language.words["currency_like_units"].get(currency, [])
    if factor is None and unit in likes:
        factor = "1"
    if factor is None:
        return None
    return number[0] * Decimal(factor), number[1] + 1


def amount_at(words: Sequence[str], at: int, language: Language) -> tuple[Amount, int] | None:
    """A weight or volume: "500 g", "half a kilo", "a liter", "2 and a half kilos"."""
    units, articles = language.words["units"], language.set_of("articles")
    if words[at] in units and tuple(words[at + 1 : at + 4]) == ("and", "a", "half"):
        unit, factor = units[words[at]]
        return Amount(Decimal("1.5") * Decimal(factor), unit), 4
    fractions = language.numbers("fractions")
    place, value = at, None
    if words[at] in fractions:
        value, place = fractions[words[at]], at + 1
    elif words[at] in articles and at + 1 < len(words) and words[at + 1] in fractions:
        value, place = fractions[words[at + 1]], at + 2
    elif words[at] in articles:
        value, place = Decimal(1), at + 1
    else:
        number = read_number(words, at, language)
        if number is None:
            return None
        value, place = number[0], at + number[1]
        if words[place : place + 1] == ["and"] and words[place + 2 : place + 3] == ["half"]:
            value, place = value + Decimal("0.5"), place + 3
    if place < len(words) and words[place] in {*articles, "of"} and value < 1:
        place += 1
    if place < len(words) and words[place] in units:
        unit, factor = units[words[place]]
        return Amount(value * Decimal(factor), unit), place + 1 - at
    return None


def count_at(words: Sequence[str], at: int, language: Language) -> tuple[Count, int] | None:
    """How many: "2", "two", "2 x", "x 2", "a couple of", "half a dozen"."""
    phrases, times = language.table("number_phrases"), language.set_of("times_words")
    dozens = language.phrases("dozens")
    for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
        phrase = tuple(words[at : at + length])
        if phrase in phrases:
            return Count(Decimal(phrases[phrase]), phrase in dozens), length
    if words[at] in times and at + 1 < len(words):
        number = read_number(words, at + 1, language)
        return (Count(number[0]), number[1] + 1) if number else None
    number = read_number(words, at, language)
    if number is None:
        return None
    value, length = number
    following = tuple(words[at + length : at + length + 1])
    if following == ("dozen",):
        return Count(value * 12, dozen=True), length + 1
    if following and following[0] in times:
        length += 1
    return Count(value), length


def count_of(piece: Piece) -> Decimal | None:
    """The number in a piece, if it holds one."""
    if isinstance(piece.value, Count):
        return Decimal(piece.value.value)
    if piece.tag == "MONEY":
        return Decimal(piece.value)
    return None
