"""Reads what a sentence claims of grades, ratings, footprints and shares, and whether it holds."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from assistant.grounding.amount_said import masked
from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention, products_of, spoken_of
from assistant.grounding.numbers import WORDS
from assistant.grounding.product_facts import ProductFacts

_CARBON = re.compile(
    r"(?P<number>[-\u2212]?\d+(?:[.,]\d+)?)\s*(?:kg|kilos?|kilograms?)\s*(?:of\s+)?(?:CO\s?2|CO₂|"
    r"carbon)",
    re.IGNORECASE,
)
# "Rated a bit lower" is no grade: after such words only a capital is one.
_GRADE = re.compile(
    r"(?:(?P<kind>nutri-?\s?score|eco-?\s?(?:grade|score))|(?P<plain>grade|graded|rated|note))\b"
    r"[\s*_:\"“]*(?:(?:of|is|are|an?|the|also|only|just|gets?|got|with|its?|ist|von|es|"
    r"de)\b[\s*_:\"“]*)*"
    r"(?P<grade>(?(plain)(?-i:[A-E])|[A-E]))"
    r"(?![\w'\u2019])(?!\s+[a-z]+(?:ed)?\b(?<!\sinstead)(?<!\sand)(?<!\sfor)(?<!\sas)(?<!\sby)(?<!\swhile)"
    r"(?<!\sat)(?<!\sin)(?<!\swith)(?<!\sbut)(?<!\salready)(?<!\stoo)(?<!\sthough)(?<!\swhich)(?<!\sso)"
    r"(?<!\sbecause)(?<!\son)(?<!\sagainst)(?<!\sversus)(?<!\sor)(?<!\sfrom)(?<!\smostly)(?<!\sto)(?<!\srating)"
    r"(?<!\sgrade)(?<!\swhereas)(?<!\sper)(?<!\sof)(?<!\sis)(?<!\sthan)(?<!\srather)(?<!\sthe))",
    re.IGNORECASE,
)
# "gets only a D for Nutri-Score", "an A in eco grade", "a grade A product".
_GRADE_FIRST = re.compile(
    r"\b(?:an?|the|with|only|just)\s+[\"“*_]*(?P<grade>(?-i:[A-E]))[\"”*_]*\s+(?:for|in|on|as|by|"
    r"nutri|eco)\b[^.;,]{0,20}?"
    r"(?P<kind>nutri-?\s?score|eco-?\s?(?:grade|score)|grade|score)\b"
    r"|\b(?P<kind2>nutri-?\s?score|eco-?\s?(?:grade|score))s?\b[^.;]{0,60}?\b(?:gets?|has|is|got|"
    r"are)\s+(?:only\s|"
    r"just\s)?(?:an?\s)?[\"“*_]*(?P<grade2>(?-i:[A-E]))(?![\w'\u2019])(?!\s\w+\s(?:in|is))",
    re.IGNORECASE,
)
_GETS = re.compile(
    r"\b(?:gets?|has|got|earns?|scores?|with|is|at|a|an)\s+(?:only\s|just\s|an?\s|"
    r"the\s)*[\"“*_]*(?P<grade>(?-i:[B-E]|(?<=\ba )A|(?<=\ban )A))[\"”*_]*"
    r"(?=[\s]*(?:[.,;!)]|$|\band\b|\bas well\b|"
    r"\btoo\b|\bon\b))",
)
_ECO = re.compile(r"\bCO\s?2|CO₂|\bfootprint\b|\beco\b|\bcarbon\b|\bclimate\b", re.IGNORECASE)
_SCORE = re.compile(r"nutri-?\s?score|eco-?\s?(?:grade|score)|\bgrade\b", re.IGNORECASE)
_GRADE_CHANGE = re.compile(
    r"\b(?i:grades?|scores?|it|them|goes|lifts?|raises?|improves?|brings?|"
    r"moves?)\b.{0,30}?\b(?i:from)\s+\W*(?:an?\s)?(?i:grade\s)?([A-E])\W*\s+(?:up )?to\s+"
    r"\W*(?:an?\s)?(?i:grade\s)?([A-E])\b"
)
_STAR_WORDS = "one|two|three|four|five"
_RATING = re.compile(
    r"(?<!out of )(?<![\d.])(?P<stars>[0-5](?:[.,]\d\d?)?)[\s*_-]*"
    r"(?:(?:out of (?:5|five)|/\s?5|von 5|de 5)\b|(?:stars?\b|★|⭐|sternen?\b|estrellas?\b))"
    rf"|\b(?P<worded>{_STAR_WORDS})(?P<half> and a half)?(?: out of five)?[\s-](?:stars?|"
    rf"out of five)\b"
    r"|\b(?:rated|ratings?(?: of| is|:)?|average(?: of)?|bewertung(?: von)?)\s+(?:only |just |"
    r"highly at |at |highest,? |best,? )*[*_]*(?P<rated>[0-5](?:\.\d\d?)?)(?![\d%]|\s?(?:times|"
    r"people|g\b|kg))",
    re.IGNORECASE,
)
_NEXT_RATING = re.compile(r"[\s*_]*(?:and|&|,|/|und|y)[\s*_]*[0-5]\.\d\b")
_STARS_FROM = re.compile(
    r"(?P<low>[0-5](?:\.\d)?)\s?(?:to|-|\u2013|and|vs\.?|versus|against|"
    r",)\s?(?P<high>[0-5](?:\.\d)?)\s?stars",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\b(\d+)\s+(?:of|out of|in)\s+(?:every\s+)?(\d+)\s+(?:other\s+)?"
    r"(?:baskets?|carts?|orders?|shoppers?|customers?|people)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:about|around|roughly|nearly|almost|some|just (?:under|over)|~|≈)\s*$",
    re.IGNORECASE,
)
_WHOLE_CART = re.compile(r"\b(?:cart|basket|order)\b[^.;,]{0,40}$", re.IGNORECASE)
_WHOLE = re.compile(r"\b(?:cart|basket|order|total|together|altogether|in all)\b", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|its|it's|that one|this one|they|them|their|both)\b", re.IGNORECASE)
_ITS = re.compile(r"\W*(?:it|its|it's|it\u2019s)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:both|all|each|every|they)\b", re.IGNORECASE)


def wrong_scores(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    """Why claims do not hold; nothing when all do or there are none."""
    sentence = masked(sentence, mentions)
    yield from _wrong_carbon(sentence, mentions, facts)
    yield from _wrong_grades(sentence, mentions, facts)
    for match, named in _each(_RATING, sentence, mentions):
        said = _stars(match)
        if len(mentions) > 1 and _NEXT_RATING.match(sentence, match.end()):
            meant = products_of(mentions)  # "the oat and the soy one, rated 4.8 and 4.9"
        else:
            meant = named or _topic(sentence, facts)
        known = facts.every("ratings")
        if meant:
            known = set[Decimal]().union(*(one.ratings for one in meant))
        if not any(rounds_to(fact, said) for fact in known):
            yield f"no tool result gives a rating of {said} here"
    for pair in _STARS_FROM.finditer(sentence):
        every = facts.every("ratings")
        if not any(rounds_to(fact, Decimal(pair["low"])) for fact in every):
            yield f"no tool result gives a rating of {pair['low']}"
    for match in _SHARE.finditer(sentence):
        if (int(match[1]), int(match[2])) not in facts.shares:
            yield f"no tool result says {match[0]}"


def _stars(match: re.Match[str]) -> Decimal:
    if match["worded"]:
        return Decimal(WORDS[match["worded"].lower()]) + (Decimal("0.5") if match["half"] else 0)
    return Decimal((match["stars"] or match["rated"]).replace(",", "."))


def _topic(sentence: str, facts: Facts) -> list[ProductFacts]:
    """What "it" is; nothing for a sentence that speaks of something else."""
    if not facts.topic and len(facts.shown) == 1 and _ITS.match(sentence):
        return facts.shown
    return (
        facts.topic
        if (facts.running or _IT.search(sentence)) and not _WHOLE.search(sentence)
        else []
    )


def _wrong_carbon(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    every = facts.carbon | facts.every("carbon")
    for match, named in _each(_CARBON, sentence, mentions):
        number = Decimal(match["number"].replace(",", ".").replace("\u2212", "-"))
        meant = named or _topic(sentence, facts)
        known = set[Decimal]().union(*(one.carbon for one in meant)) or every
        if _WHOLE_CART.search(sentence[: match.start()]) and not meant:
            known = facts.carbon or every
        elif _WHOLE.search(sentence) or sentence[: match.start()].endswith(
            ("of the ", "of ", "your ")
        ):
            known = known | facts.carbon
        if not _is_about(number, known, sentence[: match.start()]) and not _worked_out(
            number, meant or products_of(mentions)
        ):
            yield f"no tool result gives {match[0]} here"


def _is_about(number: Decimal, known: set[Decimal], before: str) -> bool:
    if any(rounds_to(fact, number) for fact in known):
        return True
    return bool(_ABOUT.search(before)) and any(
        abs(abs(fact) - abs(number)) <= abs(fact) / 20 for fact in known
    )


def _worked_out(number: Decimal, meant: Sequence[ProductFacts]) -> bool:
    """So many times the footprint of one, or the difference of two."""
    known = {abs(fact) for one in meant for fact in one.carbon}
    counts = {count for one in meant for count in one.quantities} - {Decimal(0)}
    if any(rounds_to(fact * count, number) for fact in known for count in counts):
        return True
    return len(meant) > 1 and any(rounds_to(abs(a - b), number) for a in known for b in known)


def _wrong_grades(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    plain = sentence
    changes = list(_GRADE_CHANGE.finditer(sentence)) if "from" in sentence.lower() else []
    for change in changes:
        if (change[1], change[2]) in facts.grade_changes:
            start, end = change.span(1)[0], change.end()
            plain = plain[:start] + "_" * (end - start) + plain[end:]
    for which, letter, meant in _grades(plain, mentions, scored=facts.scored):
        kinds = {"nutri", "eco", "either"}
        if "nutri" in which:
            kinds.remove("eco")
        elif "eco" in which or ("grade" in which and _ECO.search(sentence)):
            kinds.remove("nutri")
        wanted = {(kind, letter) for kind in kinds}
        if not _has_grade(wanted, meant or _topic(sentence, facts), sentence, facts):
            yield f"no tool result gives the grade {letter} here"
    for change in changes:
        if (change[1], change[2]) not in facts.grade_changes:
            yield f"no tool result gives a grade from {change[1]} to {change[2]}"


def speaks_of_scores(sentence: str) -> bool:
    return _SCORE.search(sentence) is not None


def _grades(
    sentence: str, mentions: Sequence[Mention], *, scored: bool
) -> Iterator[tuple[str, str, list[ProductFacts]]]:
    """Which score, the letter, and what has it, for each that is said."""
    found = False
    for match, meant in _each(_GRADE, sentence, mentions):
        found = True
        yield match[0].lower(), match["grade"].upper(), meant
    for match, meant in _each(_GRADE_FIRST, sentence, mentions):
        found = True
        which = (match["kind"] or match["kind2"]).lower()
        yield which, (match["grade"] or match["grade2"]).upper(), meant
    if found or scored or _SCORE.search(sentence):
        for match, meant in _each(_GETS, sentence, mentions):
            if re.search(
                r"(?:vitamin|hepatitis|plan|option|grade|score)\W*$",
                sentence[: match.start("grade")],
                re.IGNORECASE,
            ):
                continue
            which = _SCORE.findall(sentence[: match.start()])
            yield (which[-1].lower() if which else "grade"), match["grade"], meant


def _has_grade(
    wanted: set[tuple[str, str]], meant: Sequence[ProductFacts], sentence: str, facts: Facts
) -> bool:
    if not meant and _SEVERAL.search(sentence) and facts.latest and not _WHOLE.search(sentence):
        # "Both have Nutri-Score A": of what was shown last.
        listed = facts.latest
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
