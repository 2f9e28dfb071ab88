"""Finds what looks like the name of a product in a sentence, and whether anybody has shown it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assistant.facts import Facts
from assistant.words import words_of
from prompts import load_wording

_BOLD = re.compile(r"\*\*(?P<text>[^*\n]{2,80})\*\*|__(?P<under>[^_\n]{2,80})__")
_QUOTED = re.compile(r"[\"“„](?P<text>[^\"“”\n]{3,80})[\"”]")
_CAPITAL = r"[A-ZÀ-ÞĀ-Ž][\w'\u2019&-]*"
_SMALL_LINK = r"(?:of|the|and|&|with|de|in|for|à|la|le|du)"
_CAPITALISED = re.compile(rf"\b{_CAPITAL}(?:\s+(?:{_SMALL_LINK}\s+)?{_CAPITAL})+")
_ONE_OR_MORE = re.compile(rf"\b{_CAPITAL}(?:\s+(?:{_SMALL_LINK}\s+)?{_CAPITAL})*")
_BETWEEN = re.compile(r"\s+(?:and|&|with|or|for|in|of)\s+|,\s*|/")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…]\s+|\n\s*(?:[-•*]|\d+\.)?\s*|^\s*(?:[-•*]|\d+\.)\s*)$")
# "Bought with ...", "Swapping ...": the capital is the sentence's, not a name's.
_ORDINARY_START = re.compile(
    r"[A-Z][\w'\u2019]*(?:\s+(?:of|with|in|for|by|from)\s|(?<=ed)\s|(?<=ing)\s|(?<=ly)\s)"
)
_FIGURE = re.compile(r"^[\d.,$€£%\s-]+$")


@dataclass(frozen=True, slots=True)
class Name:
    """``marked``: set off in bold or quotes. ``first``: its first word begins a sentence."""

    text: str
    marked: bool
    first: bool = False


def find_names(sentence: str, *, single: bool = False) -> Iterator[Name]:
    """Marked words and runs of capitalised ones; ``single`` capitals within a sentence, too."""
    marked: list[tuple[int, int]] = []
    for pattern in (_BOLD, _QUOTED):
        for match in pattern.finditer(sentence):
            text = next(filter(None, match.groups()))
            marked.append(match.span())
            if not _FIGURE.match(text):
                yield Name(text.strip(" :.,"), marked=True)
    for match in (_ONE_OR_MORE if single else _CAPITALISED).finditer(sentence):
        if any(start <= match.start() < end for start, end in marked):
            continue
        begins = _SENTENCE_START.search(sentence[: match.start()]) is not None
        if " " not in match[0] and begins:
            continue
        yield Name(match[0], marked=False, first=begins)


def is_known(name: Name, facts: Facts) -> bool:
    """True when one thing that was shown has all the words of the name, or it is no product."""
    if name.marked and name.text[:1].islower():
        return True  # emphasis on ordinary words
    words = [word for word in words_of(name.text) if not word.isdigit() and len(word) > 1]
    if (name.first or name.marked) and words and _ORDINARY_START.match(name.text):
        words = words[1:]
    if name.first or name.marked:
        while words and words[0] in _starters():
            words = words[1:]
    if name.marked:
        words = [word for word in words if word not in _starters()]
    free = _everyday() | facts.words
    wanted = frozenset(words) - _everyday()
    if wanted <= free:
        return True
    if any(wanted <= known | free for known in facts.names if wanted & known):
        return True
    # "Oat Drink and Pasta": two things that are each known.
    parts = [part for part in _BETWEEN.split(name.text) if part]
    return len(parts) > 1 and all(
        is_known(Name(part, name.marked, name.first), facts) for part in parts
    )


@cache
def _everyday() -> frozenset[str]:
    """Words with a capital that are no product: days, scores, countries, what we call things."""
    wording: dict[str, list[str]] = load_wording("everyday_names")
    return frozenset(word for text in wording["words"] for word in words_of(text))


@cache
def _starters() -> frozenset[str]:
    wording: dict[str, list[str]] = load_wording("everyday_names")
    return frozenset(word for text in wording["starters"] for word in words_of(text))
