"""Reads what a sentence claims about stock, and whether the shop says so, too."""

import re
from collections.abc import Sequence
from decimal import Decimal

from assistant.amounts import find_amounts
from assistant.facts import Facts, ProductFacts

_LEFT = re.compile(
    r"\b(?:only|just|still|are|is|have|has|with)?\s*(?P<number>\d{1,5})\s+(?:\w+\s+){0,2}?"
    r"(?:left|remaining|available|in stock|on (?:the )?shelf|units)\b"
    r"|\bstock(?: level)?(?: is| of|:)?\s*(?P<level>\d{1,5})\b",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:sold out|out of stock|not (?:currently )?(?:in stock|available)|unavailable|"
    r"no longer available|isn['\u2019]t (?:in stock|available))\b",
    re.IGNORECASE,
)
_THERE = re.compile(r"(?<!not )(?<!n['\u2019]t )(?<!currently )\bin stock\b", re.IGNORECASE)
_QUESTION_OR_IF = re.compile(r"\?|\bif\b|\bwhen\b|\bonce\b|\bwhether\b", re.IGNORECASE)


def wrong_stock(sentence: str, meant: Sequence[ProductFacts], facts: Facts) -> str | None:
    """Why the claim does not hold; None when it does or there is none."""
    if _QUESTION_OR_IF.search(sentence):
        return None
    money = [(one.start, one.start + len(one.text)) for one in find_amounts(sentence)]
    for match in _LEFT.finditer(sentence):
        number = match["number"] or match["level"]
        start = match.start("number") if match["number"] else match.start("level")
        if any(begin <= start < end for begin, end in money):
            continue
        known = facts.counts.union(*(one.stock for one in meant or facts.products.values()))
        if Decimal(number) not in known:
            return f"no tool result says that {match[0].strip()}"
    gone, there = _GONE.search(sentence), _THERE.search(sentence)
    for one in meant:
        if gone and not there and one.in_stock == {True}:
            return f"{one.title} is in stock"
        if there and not gone and one.in_stock == {False}:
            return f"{one.title} is sold out"
    if gone and not meant and not _some_gone(facts):
        return "no tool result says that something is sold out"
    return None


def _some_gone(facts: Facts) -> bool:
    return any(False in one.in_stock for one in facts.products.values()) or bool(
        facts.words & {"sold", "stock", "unavailable"}
    )
