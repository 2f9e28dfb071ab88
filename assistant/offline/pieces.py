"""A message as a row of pieces: words, and spans that are understood (money, references ...)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_CODE = re.compile(r"^[a-z]{1,4}-?\d{2,}[a-z]?$")
PUNCTUATION = frozenset(",.;:!?-")


@dataclass(frozen=True, slots=True)
class Piece:
    """``tag`` is None for a plain word. ``value`` depends on the tag."""

    words: tuple[str, ...]
    tag: str | None = None
    value: Any = None

    @property
    def shape(self) -> str:
        return self.tag or self.words[0]

    @property
    def is_punctuation(self) -> bool:
        return self.tag is None and self.words[0] in PUNCTUATION


def is_code(word: str) -> bool:
    """Whether a word is written like the number of a product: "p107", "ab-1200"."""
    return _CODE.match(word) is not None


@dataclass(frozen=True, slots=True)
class Amount:
    """A weight or a volume, in kg or l."""

    value: Any
    unit: str


@dataclass(frozen=True, slots=True)
class Count:
    value: Any
    dozen: bool = False


def shape_of(pieces: Sequence[Piece]) -> str:
    """The clause as the rules see it: tags and words, without punctuation."""
    return " ".join(piece.shape for piece in pieces if not piece.is_punctuation)


def words_of(pieces: Sequence[Piece]) -> tuple[str, ...]:
    return tuple(word for piece in pieces for word in piece.words)


def part(pieces: Sequence[Piece], start: int, end: int) -> list[Piece]:
    """The pieces between two positions of ``shape_of(pieces)``, with the punctuation inside."""
    found: list[Piece] = []
    place = 0
    for piece in pieces:
        if piece.is_punctuation:
            if found and place < end:
                found.append(piece)
            continue
        if place >= start and place < end:
            found.append(piece)
        place += len(piece.shape) + 1
    while found and found[-1].is_punctuation:
        found.pop()
    return found
