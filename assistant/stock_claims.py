"""Reads what a sentence claims about stock, and whether the shop says so, too."""

import re
from collections.abc import Sequence
from decimal import Decimal

from assistant.amounts import find_amounts
from assistant.facts import Facts
from assistant.mentions import Mention, coordinated, products_of, spoken_of

_LEFT = re.compile(
    r"\b(?:only|just|still|are|is|have|has|with)?\s*(?P<number>\d{1,5})\s+"
    r"(?:(?:\w+\s+){0,2}?|of (?:the|our|these|those) (?:(?!are\b|is\b)[\w'\u2019&-]+\s+){1,8}?)"
    r"(?:left|remaining|available|in stock|on (?:the )?shelf|units)\b"
    r"|\bstock(?: level)?(?: is| of|:)?\s*(?P<level>\d{1,5})\b",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\d+ \w+")
_GONE = re.compile(
    r"\b(?:sold out|out of stock|not (?:currently )?(?:in stock|available)|unavailable|"
    r"no longer available|isn['\u2019]t (?:in stock|available))\b",
    re.IGNORECASE,
)
_THERE = re.compile(r"(?<!not )(?<!n['\u2019]t )(?<!currently )\bin stock\b", re.IGNORECASE)
_QUESTION_OR_IF = re.compile(r"\?|\bif\b|\bwhen\b|\bonce\b|\bwhether\b", re.IGNORECASE)


def wrong_stock(sentence: str, mentions: Sequence[Mention], facts: Facts) -> str | None:
    """Why the claim does not hold; None when it does or there is none."""
    if _QUESTION_OR_IF.search(sentence):
        return None
    return (
        _wrong_number(sentence, mentions, facts)
        or _wrong_state(sentence, mentions, gone=True)
        or _wrong_state(sentence, mentions, gone=False)
        or _gone_from_nowhere(sentence, mentions, facts)
    )


def _wrong_number(sentence: str, mentions: Sequence[Mention], facts: Facts) -> str | None:
    money = [(one.start, one.start + len(one.text)) for one in find_amounts(sentence)]
    meant = products_of(mentions)
    stock = set[Decimal]().union(*(one.stock for one in meant or facts.products.values()))
    known = stock if meant and stock else stock | facts.counts
    for match in _LEFT.finditer(sentence):
        number = match["number"] or match["level"]
        start = match.start("number") if match["number"] else match.start("level")
        if any(begin <= start < end for begin, end in money) or _is_size(sentence, start, facts):
            continue
        if Decimal(number) not in known:
            return f"no tool result says that {match[0].strip()}"
    return None


def _is_size(sentence: str, start: int, facts: Facts) -> bool:
    """True for the 1 of "only 3 of Skim Milk 1 l left": it belongs to the name."""
    size = _SIZE.match(sentence, start)
    return size is not None and any(size[0] in one.title for one in facts.products.values())


def _wrong_state(sentence: str, mentions: Sequence[Mention], *, gone: bool) -> str | None:
    """A thing said to be gone that is there, or to be there that is gone."""
    claims = [*_GONE.finditer(sentence), *_THERE.finditer(sentence)]
    claims = sorted(claims, key=lambda match: match.start())
    groups = spoken_of(mentions, [match.span() for match in claims], sentence)
    for match, group in zip(claims, groups, strict=True):
        if (match.re is _GONE) is not gone:
            continue
        for mention in coordinated(group, sentence):
            if all(one.in_stock == {gone} for one in mention.products):
                title = mention.products[0].title
                return f"{title} is {'in stock' if gone else 'sold out'}"
    return None


def _gone_from_nowhere(sentence: str, mentions: Sequence[Mention], facts: Facts) -> str | None:
    if _GONE.search(sentence) and not mentions and not _some_gone(facts):
        return "no tool result says that something is sold out"
    return None


def _some_gone(facts: Facts) -> bool:
    return any(False in one.in_stock for one in facts.products.values()) or bool(
        facts.words & {"sold", "stock", "unavailable"}
    )
