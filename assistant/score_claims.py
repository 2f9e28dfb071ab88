"""Reads what a sentence claims of grades, ratings, footprints and shares, and whether it holds."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from assistant.facts import Facts, ProductFacts
from assistant.mentions import Mention, products_of, spoken_of

_CARBON = re.compile(
    r"(?P<number>[-\u2212]?\d+(?:[.,]\d+)?)\s*(?:kg|kilos?|kilograms?)\s*(?:of\s+)?(?:CO\s?2|CO₂|carbon)",
    re.IGNORECASE,
)
# "Rated a bit lower" is no grade: after such words only a capital is one.
_GRADE = re.compile(
    r"(?:(?:nutri-?\s?score|eco-?\s?(?:grade|score))|(?P<plain>grade|graded|rated))"
    r"\s*(?:of|is|are|:|an?|the)*\s*[\"“*_]*(?P<grade>(?(plain)(?-i:[A-E])|[A-E]))"
    r"(?![\w'\u2019])(?!\s+[a-z]+ed\b)",
    re.IGNORECASE,
)
_GRADE_CHANGE = re.compile(
    r"\b(?:grades?|scores?)\b.{0,30}?\bfrom\s+\W*([A-E])\W*\s+to\s+\W*([A-E])\b"
)
_RATING = re.compile(
    r"(?<!out of )(?<![\d.])(?P<stars>[0-5](?:\.\d\d?)?)\s*"
    r"(?:(?:out of (?:5|five)|/\s?5)\b|(?:stars?\b|★|⭐))"
    r"|\b(?:rated|rating of|rating:?)\s+(?P<rated>[0-5]\.\d\d?)(?!\d)",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\b(\d+)\s+(?:of|out of|in)\s+(?:every\s+)?(\d+)\s+(?:other\s+)?"
    r"(?:baskets?|carts?|orders?|shoppers?|customers?|people)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\b(?:cart|basket|order|total|together|altogether|in all)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:both|all|each|every|they)\b", re.IGNORECASE)


def wrong_scores(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    """Why claims do not hold; nothing when all do or there are none."""
    yield from _wrong_carbon(sentence, mentions, facts)
    yield from _wrong_grades(sentence, mentions, facts)
    for match, meant in _each(_RATING, sentence, mentions):
        said = Decimal(match["stars"] or match["rated"])
        known = set[Decimal]().union(*(one.ratings for one in meant or facts.products.values()))
        if not any(rounds_to(fact, said) for fact in known):
            yield f"no tool result gives a rating of {said} here"
    for match in _SHARE.finditer(sentence):
        if (int(match[1]), int(match[2])) not in facts.shares:
            yield f"no tool result says {match[0]}"


def _wrong_carbon(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    every = facts.carbon.union(*(one.carbon for one in facts.products.values()))
    for match, meant in _each(_CARBON, sentence, mentions):
        number = Decimal(match["number"].replace(",", ".").replace("\u2212", "-"))
        known = set[Decimal]().union(*(one.carbon for one in meant)) or every
        if _WHOLE.search(sentence):
            known = known | facts.carbon
        if not any(rounds_to(fact, number) for fact in known):
            yield f"no tool result gives {match[0]} here"


def _wrong_grades(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    for match, meant in _each(_GRADE, sentence, mentions):
        which, letter = match[0].lower(), match["grade"].upper()
        kinds = {"nutri", "eco", "either"}
        if "nutri" in which:
            kinds.remove("eco")
        elif "eco" in which:
            kinds.remove("nutri")
        wanted = {(kind, letter) for kind in kinds}
        if not _has_grade(wanted, meant, sentence, facts):
            yield f"no tool result gives the grade {letter} here"
    for change in _GRADE_CHANGE.finditer(sentence):
        if (change[1], change[2]) not in facts.grade_changes:
            yield f"no tool result gives a grade from {change[1]} to {change[2]}"


def _has_grade(
    wanted: set[tuple[str, str]], meant: Sequence[ProductFacts], sentence: str, facts: Facts
) -> bool:
    if not meant and _SEVERAL.search(sentence) and facts.latest and not _WHOLE.search(sentence):
        # "Both have Nutri-Score A": of what was shown last.
        listed = [facts.products[key] for key in facts.latest]
        return sum(bool(one.grades & wanted) for one in listed) > 1
    whole = facts.grades if _WHOLE.search(sentence) or not meant else set[tuple[str, str]]()
    own = whole.union(*(one.grades for one in meant))
    if not own:
        own = facts.grades.union(*(one.grades for one in facts.products.values()))
    elif not meant and not _WHOLE.search(sentence):
        own = own.union(*(one.grades for one in facts.products.values()))
    return bool(own & wanted)


def _each(
    pattern: re.Pattern[str], sentence: str, mentions: Sequence[Mention]
) -> Iterator[tuple[re.Match[str], list[ProductFacts]]]:
    """Each claim with the products it is said of."""
    found = list(pattern.finditer(sentence))
    groups = spoken_of(mentions, [match.span() for match in found], sentence)
    for match, group in zip(found, groups, strict=True):
        yield match, products_of(group)


def rounds_to(fact: Decimal, said: Decimal) -> bool:
    """True when the fact, rounded to as many digits as were said, is what was said."""
    exponent = said.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    step = Decimal(1).scaleb(-places)
    return abs(abs(fact) - abs(said)) <= step / 2
