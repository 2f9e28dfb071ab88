"""Reads an ingredient list: which allergens, animal products and sweeteners it plainly names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.scoring.tables import read_table

_FILE = Path(__file__).with_name("ingredients.yaml")
_TOKEN = re.compile(r"[a-z0-9]+")
_POSSESSIVE = re.compile(r"['\u2019]s\b")
# Up to the end of the sentence, since such a note names one thing after another.
_TRACES = re.compile(
    r"(?:may (?:also )?contain|(?:possible |may have )?traces? of|can contain|"
    r"(?:made|produced|packed|processed|manufactured|prepared) (?:in|on) )[^.;]*"
)
_ABSENT = re.compile(
    r"(?:free (?:from|of)|contains? no|does not contain|without(?: any)?|no added)\b[^.;,()]*"
)
_IMITATION = frozenset({"vegan", "vegetarian", "plant", "based", "imitation", "mock", "faux"})
_FLAVOUR = frozenset({"flavor", "flavored", "flavour", "flavoured", "style", "seasoning", "aroma"})

Phrases = dict[str, list[tuple[tuple[str, ...], frozenset[str]]]]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a text names: tag (an allergen, or pork, meat, bee ...) -> the words that say so."""

    contains: Mapping[str, str]
    may_contain: Mapping[str, str]


def tokens(text: str) -> list[str]:
    """Words and numbers of a text in lower case, possessives removed."""
    return _TOKEN.findall(_POSSESSIVE.sub("", text.lower()))


def plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh", "o")) else "s")


def phrase_index(groups: Mapping[str, Iterable[str]]) -> Phrases:
    """First word -> phrases that begin with it, longest first, each with its tags."""
    tags: dict[tuple[str, ...], set[str]] = {}
    for group, phrases in groups.items():
        for phrase in phrases:
            words = tuple(tokens(phrase))
            forms = {words, (*words[:-1], plural(words[-1]))}
            if words[-1].endswith("o"):
                forms.add((*words[:-1], words[-1] + "s"))
            for form in forms:
                tags.setdefault(form, set()).add(group)
    index: Phrases = {}
    for words, found in tags.items():
        index.setdefault(words[0], []).append((words, frozenset(found - {"harmless"})))
    for candidates in index.values():
        candidates.sort(key=lambda candidate: -len(candidate[0]))
    return index


@lru_cache(maxsize=1)
def _lexicon() -> Phrases:
    return phrase_index(read_table(_FILE))


def _scan(text: str) -> dict[str, str]:
    lexicon = _lexicon()
    words = tokens(text)
    found: dict[str, str] = {}
    position = 0
    while position < len(words):
        step = 1
        for phrase, tags in lexicon.get(words[position], ()):
            end = position + len(phrase)
            if tuple(words[position:end]) != phrase:
                continue
            step = len(phrase)
            denied = end < len(words) and (words[end] == "free" or words[end] in _FLAVOUR)
            imitated = position > 0 and words[position - 1] in _IMITATION
            if not denied and not imitated:
                for tag in tags:
                    found.setdefault(tag, " ".join(phrase))
            break
        position += step
    return found


@lru_cache(maxsize=8192)
def read_ingredients(text: str) -> Findings:
    """What the list contains, and what it warns of ("may contain ..."), kept apart."""
    lower = _ABSENT.sub(" ", text.lower())
    warnings = " . ".join(_TRACES.findall(lower))
    contains = _scan(_TRACES.sub(" ", lower) if warnings else lower)
    return Findings(contains, _scan(warnings) if warnings else {})
