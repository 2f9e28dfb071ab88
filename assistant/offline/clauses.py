"""Cuts a message into clauses, each with one point, and trims what is only polite."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.offline.language import Language, Trim
from assistant.offline.pieces import Piece, part, shape_of, words_of

_SENTENCE_ENDS = frozenset(".!?;")
_JOINS = frozenset({",", "and", "then", "but", "also", "plus", "so", "or"})
_MOST_TRIMS = 12
_LONGEST_CORRECTION = 4
_COUNTS = frozenset({"NUM", "AMT"})


@dataclass(frozen=True, slots=True)
class Clause:
    """``shape`` is what the rules read; ``full`` is the shape before trimming."""

    pieces: tuple[Piece, ...]
    full: str
    marks: frozenset[str] = frozenset()

    @property
    def shape(self) -> str:
        return shape_of(self.pieces)

    @property
    def text(self) -> str:
        return " ".join(words_of(self.pieces))

    def group(self, match: re.Match[str], name: str) -> list[Piece]:
        """The pieces of a named group of a rule; empty when it took no part."""
        start, end = match.span(name)
        return part(self.pieces, start, end) if end > start >= 0 else []


def cut(pieces: Sequence[Piece], language: Language) -> list[Clause]:
    clauses = []
    for sentence, end, is_list in _sentences(pieces, language):
        for chunk in _split(sentence, language):
            clause = trim(chunk, language)
            marks = set(clause.marks)
            marks |= {"question"} if end == "?" else set()
            marks |= {"lines"} if is_list else set()
            if clause.pieces:
                clauses.append(Clause(clause.pieces, clause.full, frozenset(marks)))
    return clauses


def _sentences(pieces: Sequence[Piece], language: Language) -> list[tuple[list[Piece], str, bool]]:
    """Sentences with how they end. A pasted list of lines is one sentence."""
    found: list[tuple[list[Piece], str, bool]] = []
    current: list[Piece] = []
    for piece in pieces:
        mark = piece.words[0] if piece.is_punctuation else ""
        if mark in _SENTENCE_ENDS:
            found.append((current, mark, False))
            current = []
        elif mark != ":":
            current.append(piece)
    found.append((current, "", False))
    joined: list[tuple[list[Piece], str, bool]] = []
    for sentence, end, _ in found:
        if not shape_of(sentence):
            continue
        before = joined[-1] if joined else None
        if before and before[1] == ";" and _continues(before[0], sentence, language):
            comma = Piece((",",))
            joined[-1] = ([*before[0], comma, *sentence], end, True)
        else:
            joined.append((sentence, end, False))
    return joined


def _continues(before: Sequence[Piece], line: Sequence[Piece], language: Language) -> bool:
    """Whether a line goes on with the list that the line before began."""
    if _starts(line, language):
        return False
    first = trim(before, language)
    listing = re.match(language.list_starters, first.shape)
    return bool(listing) or not _starts(before, language)


def _starts(pieces: Sequence[Piece], language: Language) -> bool:
    """Whether another act begins here."""
    clause = trim(pieces, language)
    return bool(language.starters.match(clause.shape + " "))


def _split(pieces: Sequence[Piece], language: Language) -> list[list[Piece]]:
    """Cut at commas and joining words, but only where another act begins."""
    chunks: list[list[Piece]] = []
    start = 0
    for place, piece in enumerate(pieces):
        said_before = _says_something(pieces[start:place], language)
        if said_before and _corrects(pieces, place, language):
            chunks.append(list(pieces[start:place]))
            start = place
            continue
        if start < place and _counted_anew(pieces[start:place], language) and _joins(piece):
            chunks.append(list(pieces[start:place]))
            start = place
            continue
        if not _joins(piece) or place == start:
            continue
        rest = pieces[place + 1 :]
        if not rest or rest[0].is_punctuation or not shape_of(rest):
            continue
        if _joins(rest[0]) or _is_polite(rest, language):
            continue
        if _starts(rest, language):
            chunks.append(list(pieces[start:place]))
            start = place if piece.words[0] != "," else place + 1
    chunks.append(list(pieces[start:]))
    return [chunk for chunk in chunks if shape_of(chunk)]


def _joins(piece: Piece) -> bool:
    return piece.tag is None and piece.words[0] in _JOINS


def _is_polite(pieces: Sequence[Piece], language: Language) -> bool:
    """As in "A loaf of bread, please": nothing of its own."""
    polite = language.set_of("polite_words")
    return all(one.is_punctuation or set(one.words) <= polite for one in pieces)


def _says_something(pieces: Sequence[Piece], language: Language) -> bool:
    """Whether there is something that can be taken back: "no" alone is not."""
    opening = language.set_of("opening_words")
    return any(
        not one.is_punctuation and (one.tag is not None or one.words[0] not in opening)
        for one in pieces
    )


def _corrects(pieces: Sequence[Piece], place: int, language: Language) -> bool:
    """Whether somebody takes back what was just said: "4 packs, no wait, 2 packs"."""
    said = words_of(pieces[place : place + _LONGEST_CORRECTION])
    for name, only_counts in (("corrections", False), ("count_corrections", True)):
        for phrase in language.phrases(name):
            if said[: len(phrase)] != phrase:
                continue
            after = [one for one in _after(pieces, place, len(phrase)) if not one.is_punctuation]
            if after and (after[0].tag in _COUNTS or not only_counts):
                follows = after[0].words[0] if after[0].tag is None else ""
                return follows not in {"to", "for", "until", "till"}
    return False


def _after(pieces: Sequence[Piece], place: int, words: int) -> Sequence[Piece]:
    """The pieces behind so many words."""
    while words > 0 and place < len(pieces):
        words -= len(pieces[place].words)
        place += 1
    return pieces[place:]


def _counted_anew(pieces: Sequence[Piece], language: Language) -> bool:
    """A chunk that takes back and gives only another number: "no wait 2 packs"."""
    if not _corrects(pieces, 0, language):
        return False
    left = trim(pieces, language).pieces
    containers = language.set_of("containers")
    return (
        bool(left)
        and left[0].tag in _COUNTS
        and all(one.tag is None and one.words[0] in containers for one in left[1:])
    )


def trim(pieces: Sequence[Piece], language: Language) -> Clause:
    """The clause without greetings, politeness and joining words."""
    full = shape_of(pieces)
    marks: set[str] = set()
    left = list(pieces)
    for _ in range(_MOST_TRIMS):
        shape = shape_of(left)
        for entry in (*language.lead, *language.tail):
            found = entry.pattern.search(shape)
            if found and found.group():
                left = _without(left, shape, found, entry)
                marks |= {entry.mark} if entry.mark else set()
                break
        else:
            break
    return Clause(tuple(_bare(left)), full, frozenset(marks))


def _without(pieces: Sequence[Piece], shape: str, found: re.Match[str], entry: Trim) -> list[Piece]:
    kept = [Piece((entry.keep,))] if entry.keep else []
    if found.start() == 0:
        return [*kept, *part(pieces, found.end(), len(shape))]
    return part(pieces, 0, found.start())


def _bare(pieces: Sequence[Piece]) -> list[Piece]:
    left = list(pieces)
    while left and left[0].is_punctuation:
        left.pop(0)
    while left and left[-1].is_punctuation:
        left.pop()
    return left
