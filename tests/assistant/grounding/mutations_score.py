"""Makes wrong grades, ratings, climate and nutrition figures."""

import re
from collections.abc import Iterator
from decimal import Decimal
from random import Random

from tests.assistant.grounding.mutations import (
    alike,
    register,
    sentence_at,
    spoken,
    with_sentence,
)
from tests.assistant.grounding.record_reading import Seen, Source

_GRADE = re.compile(r"((?:Nutri-Score|eco grade|grade|a) (?:of |is |a )?)([A-E])\b(?=[.,; ]|$)")
_STARS = re.compile(r"\b([1-5](?:\.\d)?)(?= stars?\b)")
_CARBON = re.compile(r"\b(\d+(?:\.\d+)?)(?= kg CO2e)")
_GRAMS = re.compile(r"\b(\d+(?:\.\d+)?)(?= (?:g (?:of )?(?:protein|fat|sugar)|kcal))")
_TOO_NEAR = Decimal("0.3")
Way = tuple[int, int, str]
"""From where to where something else is written."""
_SCORES = (
    "The {0} has Nutri-Score {1}.",
    "{0} gets a Nutri-Score of {1}.",
    "{0} has an eco grade of {2}.",
    "The {0} is rated {3} out of 5.",
    "{0}: {3} stars.",
    "The {0} gets {3} stars from customers.",
    "The {0} causes {4} kg CO2e.",
)


@register("score")
def wrong_score(answer: str, source: Source, random: Random) -> str | None:
    ways = [*_other_grades(answer, source), *_other_figures(answer, source)]
    if ways and random.random() < 0.8:
        start, end, new = random.choice(ways)
        return answer[:start] + new + answer[end:]
    known = [
        one
        for one in source.products.values()
        if one.nutri and one.ratings and one.eco and not alike(one, source)
    ]
    if not known:
        return None
    one = random.choice([one for one in source.named(answer) if one in known] or known)
    said = _wrong_of(one, spoken(one, source, random), source, random)
    return None if said is None else with_sentence(answer, said, random)


def _other_grades(answer: str, source: Source) -> Iterator[Way]:
    for match in _GRADE.finditer(answer):
        start, end = sentence_at(answer, match.start())
        have = _grades_there(answer[start:end], source) | {match[2]}
        yield from ((*match.span(2), one) for one in "ABCDE" if one not in have)


def _grades_there(sentence: str, source: Source) -> set[str]:
    """Every grade that what is spoken of has by the record."""
    named = source.named(sentence)
    of = named if len(named) == 1 else list(source.products.values())
    nutri = "Nutri" in sentence
    have = set[str]()
    if nutri:
        have = have.union(*(one.nutri for one in of))
    if not nutri or "grade" in sentence.lower():
        have = have.union(*(one.eco for one in of))
    if not nutri:
        told = re.findall(r"grade ([A-E])(?: to ([A-E]))?", source.text)
        have = have.union(*told)
    return have


def _other_figures(answer: str, source: Source) -> Iterator[Way]:
    for pattern, digits in ((_STARS, 1), (_CARBON, 2), (_GRAMS, 1)):
        for match in pattern.finditer(answer):
            if answer[match.start() - 1 : match.start()] in {*"$-."}:
                continue
            for factor in ("0.4", "0.7", "1.3", "2.1"):
                value = (Decimal(match[1]) * Decimal(factor)).quantize(Decimal(1).scaleb(-digits))
                if pattern is _STARS and not 1 <= value <= 5:
                    continue
                if all(abs(value - one) > _TOO_NEAR for one in source.numbers):
                    yield *match.span(), str(value)


def _wrong_of(one: Seen, name: str, source: Source, random: Random) -> str | None:
    letters = [letter for letter in "ABCDE" if letter not in one.nutri | one.eco]
    stars = [
        value for value in ("2.3", "3.1", "4.2", "4.9", "3.4") if Decimal(value) not in one.numbers
    ]
    carbon = [
        value for value in ("0.07", "5.2", "12.4", "41.9") if Decimal(value) not in source.numbers
    ]
    if not letters or not stars or not carbon:
        return None
    letter, rating = random.choice(letters), random.choice(stars)
    return random.choice(_SCORES).format(name, letter, letter, rating, random.choice(carbon))
