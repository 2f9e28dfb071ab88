"""Writes money said in words with figures: "forty dollars", "3 dollars and 50 cents"."""

import re

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("", "", *("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"))
_ONES = "|".join(_SMALL[1:10])
_WORD = rf"(?:{'|'.join([*_SMALL, *_TENS[2:], 'hundred', 'thousand', 'million'])})"
_RUN = re.compile(rf"\b(?:a )?{_WORD}(?:(?:[ -]| and ){_WORD})*\b")
# "two fifty" is 2.50, 250 or 52, and so is no number here.
_NUMBER = re.compile(
    rf"(?:(?P<hundreds>a|{_ONES}) hundred(?: and)?(?: (?=\w)|$))?"
    rf"(?:(?P<tens>{'|'.join(_TENS[2:])})(?:[ -](?P<ones>{_ONES}))?|(?P<small>{'|'.join(_SMALL)}))?"
)
_CENTS = re.compile(
    r"(?:(?P<whole>\d{1,6}) ?(?P<name>[^\d\s]{1,8})(?: and)? )?"
    r"(?P<cents>\d{1,2}) ?(?:cents?|\u00a2)"
)
_HAVE_CENTS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "EUR"})


def in_figures(text: str, currency: str) -> str:
    """The same amount in figures; what has no words, or could mean two amounts, as it came."""
    said = " ".join(text.lower().split())
    numbers = {run[0]: _number(run[0]) for run in _RUN.finditer(said)}
    if None in numbers.values():
        return text
    figures = _RUN.sub(lambda run: str(numbers[run[0]]), said)
    match = _CENTS.fullmatch(figures)
    if match is None or currency not in _HAVE_CENTS:
        return figures if numbers else text
    return f"{match['whole'] or 0}.{int(match['cents']):02} {match['name'] or ''}"


def _number(words: str) -> int | None:
    match = _NUMBER.fullmatch(words)
    if match is None:
        return None
    hundreds, tens, ones, small = match.group("hundreds", "tens", "ones", "small")
    small_ones = [_SMALL.index(one) for one in (ones, small) if one]
    of_hundred = 0 if not hundreds else 1 if hundreds == "a" else _SMALL.index(hundreds)
    return 100 * of_hundred + (10 * _TENS.index(tens) if tens else 0) + sum(small_ones)
