"""Registers how right answers are made wrong, by families, with what the families share.

A family's mutator gives an answer with one sentence made wrong, or one wrong sentence more: false
by the record it is made from. It gives None when that answer is no occasion for it.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from random import Random

from tests.assistant.grounding.record_reading import Seen, Source

Family = Callable[[str, Source, Random], str | None]
MODULES = ("money", "goods", "safety", "score", "added")
"""The modules that register families: ``mutations_money`` and so on."""
_FAMILIES: dict[str, Family] = {}
MONEY = re.compile(r"\$(\d+\.\d\d)(?!\d)")
_CLAUSE = re.compile(r"[^\n.!?;]*(?:\.\d[^\n.!?;]*)*[.!?;]?")
_LEAST_SLIP = Decimal("0.05")
_ALONE = 0.3


def families() -> dict[str, Family]:
    """By name, of every module there is."""
    for name in MODULES:
        module = f"{__name__}_{name}"
        if find_spec(module) is not None:
            import_module(module)
    return _FAMILIES


def register(name: str) -> Callable[[Family], Family]:
    def keep(made: Family) -> Family:
        _FAMILIES[name] = made
        return made

    return keep


def sentence_at(answer: str, place: int) -> tuple[int, int]:
    """Where the sentence or line around a place begins and ends."""
    for match in _CLAUSE.finditer(answer):
        if match.start() <= place < match.end():
            return match.span()
    return 0, len(answer)


def with_sentence(answer: str, sentence: str, random: Random) -> str:
    """The answer with one more sentence, behind it or as all of it."""
    if "\n" in answer or random.random() < _ALONE:
        return sentence
    return f"{answer.rstrip()} {sentence}"


def money(amount: Decimal) -> str:
    return f"${amount:.2f}"


def other_amounts(amount: Decimal, random: Random) -> list[Decimal]:
    """Ways to get an amount wrong: a digit, two swapped ones, the cents, a slip by one."""
    text = f"{amount:.2f}"
    digits = [place for place, digit in enumerate(text) if digit.isdigit()]
    found = [
        text[:place] + other + text[place + 1 :]
        for place in digits
        for other in random.sample("0123456789", 3)
    ]
    for first, second in pairwise(digits):
        changed = list(text)
        changed[first], changed[second] = changed[second], changed[first]
        found.append("".join(changed))
    amounts = [Decimal(one) for one in found]
    amounts += [amount + 1, amount - 1, amount + Decimal("0.50"), amount * 2, amount / 10]
    amounts = [one.quantize(Decimal("0.01")) for one in amounts if one > Decimal("0.2")]
    random.shuffle(amounts)
    return [one for one in amounts if abs(one - amount) >= _LEAST_SLIP]


def spoken(one: Seen, source: Source, random: Random) -> str:
    """What people call it: with or without its brand where that is clear."""
    bare = one.name.removeprefix(one.brand).strip()
    words = _words(bare)
    called = [two for two in source.products.values() if words <= _words(two.title)]
    if len(called) == 1 and bare and random.random() < 0.5:
        return random.choice((bare, bare.lower()))
    return one.name


def alike(one: Seen, source: Source) -> bool:
    """Whether what it is called could mean another one, too."""
    words = _words(one.name)
    return any(words <= _words(two.title) for two in source.products.values() if two is not one)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
