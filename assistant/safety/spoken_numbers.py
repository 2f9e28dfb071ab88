"""Reads numbers that are said in words, digit by digit or in pairs, as people dictate them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ONES = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3",
    "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_TEENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
    "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
_TENS = {
    "twenty": "2", "thirty": "3", "forty": "4", "fourty": "4", "fifty": "5", "sixty": "6",
    "seventy": "7", "eighty": "8", "ninety": "9",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_WORD = "|".join([*_ONES, *_TEENS, *_TENS, *_TIMES])
_RUN = re.compile(
    rf"\b(?:{_WORD}|\d+)\b(?:[\s,.\-]{{1,3}}\b(?:{_WORD}|\d+)\b)+|\b(?:{_WORD})\b", re.IGNORECASE
)
_TOKEN = re.compile(rf"\b(?:{_WORD})\b|\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Digits that stand in a row, and where each piece of them stands in the text."""

    pieces: tuple[tuple[int, int, str], ...]

    @property
    def digits(self) -> str:
        return "".join(digits for _, _, digits in self.pieces)


def spoken_numbers(text: str) -> Iterator[Spoken]:
    """Numbers that are said in words at least in part; those of digits alone are others' matter."""
    for match in _RUN.finditer(text):
        tokens = [(one.start(), one.end(), one[0].casefold()) for one in _TOKEN.finditer(match[0])]
        if all(word.isdecimal() for _, _, word in tokens):
            continue
        pieces = tuple(
            (match.start() + start, match.start() + end, digits)
            for start, end, digits in _read(tokens)
        )
        if pieces:
            yield Spoken(pieces)


def _read(tokens: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    place = 0
    while place < len(tokens):
        start, end, word = tokens[place]
        follows = tokens[place + 1] if place + 1 < len(tokens) else None
        next_digit = None if follows is None else _ONES.get(follows[2])
        place += 1
        if word in _TIMES:
            if follows is not None and next_digit is not None:
                yield start, follows[1], next_digit * _TIMES[word]
                place += 1
        elif word in _TENS:
            if follows is not None and next_digit not in (None, "0"):
                yield start, follows[1], f"{_TENS[word]}{next_digit}"
                place += 1
            else:
                yield start, end, f"{_TENS[word]}0"
        else:
            yield start, end, _ONES.get(word) or _TEENS.get(word) or word
