"""Finds which shown products a sentence speaks of, also by their short names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from assistant.facts import Facts, ProductFacts
from assistant.words import WORD, singular, words_of
from prompts import load_wording

# What may stand between the words of one name: "Cocoa & Almond, Vegan", "Tuna in Water".
_WITHIN = re.compile(r"[\s,&*_()/'\u2019-]*(?:(?:in|of|with|by|the|à|de|la)\b[\s*_]*)?")
# "Cocoa Bar and Oat Bar", "the penne, the oat drink": things said in one breath.
_COORDINATED = re.compile(
    r"[\s,;*_]*(?:(?:and|or|nor|&|plus|both)\b[\s*_]*)?(?:the|our)?[\s*_]*", re.IGNORECASE
)
_DIRECT = re.compile(
    r"(?:[\s\W]|\b(?:is|are|it|its|it's|they|they're|costs?|at|for|just|only|now|each|all|priced|"
    r"comes?|to|about|around|roughly|nearly|almost|both|per|apiece|you|that|that's|"
    r"\d+(?:\.\d+)?\s?(?:g|kg|ml|l|cl|oz|lb)?)\b)*",
    re.IGNORECASE,
)
_ONES = re.compile(r"[\s*_]*(?:ones?|versions?|kinds?)\b", re.IGNORECASE)

# "cheaper than ...", "vs. $2.29": an amount of something else, which need not be named.
_OTHER = re.compile(
    r"\b(?:vs\.?|versus|than|against|instead of|rather than|compared (?:to|with))\W*$"
)


@dataclass(slots=True)
class Mention:
    """A stretch of a sentence that names something; ``products`` are those it may mean."""

    start: int
    end: int
    products: list[ProductFacts]
    words: set[str] = field(default_factory=set)


def find_mentions(sentence: str, facts: Facts) -> list[Mention]:
    known = facts.naming
    runs: list[Mention] = []
    for token in WORD.finditer(sentence):
        word = singular(token[0].lower())
        having = known.get(word)
        if having is None:
            continue
        last = runs[-1] if runs else None
        if last is not None and _WITHIN.fullmatch(sentence, last.end, token.start()):
            both = [one for one in last.products if word in one.name_words]
            if both:
                last.end, last.products = token.end(), both
                last.words.add(word)
                continue
        runs.append(Mention(token.start(), token.end(), list(having), {word}))
    return [_exactly(run) for run in runs if _names_something(run, sentence)]


def coordinated(mentions: Sequence[Mention], sentence: str) -> list[Mention]:
    """The last mention, with those said in one breath before it."""
    together = list(mentions[-1:])
    for before, after in zip(reversed(mentions[:-1]), reversed(mentions), strict=False):
        if not _COORDINATED.fullmatch(sentence, before.end, after.start):
            break
        together.insert(0, before)
    return together


def spoken_of(
    mentions: Sequence[Mention], marks: Sequence[tuple[int, int]], sentence: str
) -> list[list[Mention]]:
    """For each mark (an amount, a grade), the mentions it is said of; empty when of none."""
    groups: list[list[Mention]] = []
    for place, (start, _) in enumerate(marks):
        group = [one for one in mentions if one.end <= start]
        for _, end in reversed(marks[:place]):
            newer = [one for one in group if one.start >= end]
            if newer:
                group = newer
                break
        if group and _DIRECT.fullmatch(sentence, group[-1].end, start):
            group = coordinated(group, sentence)
        if _OTHER.search(sentence, 0, start):
            group = []
        elif not group:
            until = marks[place + 1][0] if place + 1 < len(marks) else len(sentence)
            group = [one for one in mentions if start <= one.start < until][:1]
        groups.append(group)
    return groups


def products_of(mentions: Iterable[Mention]) -> list[ProductFacts]:
    return [product for mention in mentions for product in mention.products]


def _exactly(run: Mention) -> Mention:
    exact = [one for one in run.products if one.name_words == run.words]
    if exact:
        run.products = exact
    return run


def _names_something(run: Mention, sentence: str) -> bool:
    """A word such as "organic" or "free" alone is no name, but "the organic one" is."""
    return bool(run.words - _descriptions()) or _ONES.match(sentence, run.end) is not None


@cache
def _descriptions() -> frozenset[str]:
    wording: dict[str, list[str]] = load_wording("everyday_names")
    return frozenset(word for text in wording["descriptions"] for word in words_of(text))
