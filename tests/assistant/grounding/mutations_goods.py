"""Makes products that nobody has shown, and wrong stock."""

import re
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

_FLAVOURS = (
    *("Vanilla", "Almond", "Hazelnut", "Caramel", "Lemon", "Ginger", "Mango", "Peach", "Truffle"),
    *("Chili", "Rosemary", "Maple", "Pistachio", "Deluxe", "Supreme", "Classic", "Premium"),
    *("Raspberry", "Cherry", "Honey", "Smoky", "Garlic", "Basil", "Jalapeño", "Cinnamon", "Mocha"),
)
_MORE = (
    "You might also like the {0}.",
    "We also have **{0}**.",
    "There's {0} as well.",
    "How about the {0}?",
    "The {0} would be a good alternative.",
    "I'd recommend {0}.",
    "Another option is {0}.",
    "The {0} is in stock, too.",
    "{0} goes well with it.",
)


@register("product")
def wrong_product(answer: str, source: Source, random: Random) -> str | None:
    known = [one for one in source.products.values() if one.brand]
    if not known:
        return None
    for _ in range(20):
        one = random.choice(known)
        name = _invented(one, known, random)
        if _is_shown(name, source):
            continue
        if one.name in answer:
            return answer.replace(one.name, name, 1)
        flavoured = _flavoured(answer, one, source, random)
        if flavoured is not None:
            return flavoured
        return with_sentence(answer, random.choice(_MORE).format(name), random)
    return None


def _invented(one: Seen, known: list[Seen], random: Random) -> str:
    """A name of a real brand and a real kind that nobody makes."""
    bare = one.name.removeprefix(one.brand).strip()
    others = [two for two in known if two.brand != one.brand]
    way = random.randrange(4)
    if way == 0 and others:
        return f"{random.choice(others).brand} {bare}"
    if way == 1 and others:
        other = random.choice(others)
        return f"{one.brand} {other.name.removeprefix(other.brand).strip()}"
    flavour = random.choice(_FLAVOURS)
    words = bare.split()
    if way == 2 and len(words) > 1:
        words[random.randrange(len(words))] = flavour
        return f"{one.brand} {' '.join(words)}"
    return f"{one.brand} {bare} {flavour}"


def _is_shown(name: str, source: Source) -> bool:
    """Whether one title has all of its words, or a text says just that."""
    words = set(name.lower().split())
    titles = (set(title.replace(",", "").split()) for title in source.titles.split(" | "))
    return any(words <= title for title in titles) or name.lower() in source.text.lower()


def _flavoured(answer: str, one: Seen, source: Source, random: Random) -> str | None:
    """The answer with a flavour between a brand and what follows it."""
    place = answer.find(one.brand)
    if place < 0 or random.random() >= 0.5:
        return None
    flavour = random.choice(_FLAVOURS)
    rest = answer[place + len(one.brand) :]
    if flavour.lower() in source.text.lower() or not re.match(r" [A-Z]", rest):
        return None
    return f"{answer[: place + len(one.brand)]} {flavour}{rest}"


_ARE_GONE = (
    "The {0} is sold out right now.",
    "Unfortunately {0} is out of stock.",
    "{0}: sold out.",
    "Sorry, the {0} isn't available at the moment.",
)
_ARE_THERE = (
    "The {0} is in stock.",
    "Good news: {0} is back in stock!",
    "{0}: in stock.",
    "The {0} is available right now.",
)
_NUMBERS = (
    "Only {1} of the {0} left!",
    "There are {1} of the {0} in stock.",
    "We have {1} {0} left.",
    "The {0} is nearly gone, just {1} left.",
    "{0}: {1} left.",
)
_LEFT = re.compile(
    r"\b(\d{1,3})(?= (?:left|in stock|of them in stock|remaining)|[^.\n]{0,40} (?:left|in stock))",
)


@register("stock")
def wrong_stock(answer: str, source: Source, random: Random) -> str | None:
    known = [one for one in source.products.values() if one.in_stock and not alike(one, source)]
    if not known:
        return None
    changed = _other_number(answer, source, random) or _back_in_stock(answer, source, random)
    if changed is not None:
        return changed
    one = random.choice([one for one in source.named(answer) if one in known] or known)
    said = _wrong_of(one, spoken(one, source, random), source, random)
    return None if said is None else with_sentence(answer, said, random)


def _other_number(answer: str, source: Source, random: Random) -> str | None:
    every = {number for one in source.products.values() for number in one.stock}
    choices = [one for one in (1, 2, 8, 13, 30, 44, 90, 300) if one not in source.numbers]
    for match in _LEFT.finditer(answer):
        if choices and Decimal(match[1]) in every and answer[match.start() - 1] not in "$.":
            return answer[: match.start()] + str(random.choice(choices)) + answer[match.end() :]
    return None


def _back_in_stock(answer: str, source: Source, random: Random) -> str | None:
    place = answer.find("sold out")
    if place < 0 or random.random() >= 0.5:
        return None
    start, end = sentence_at(answer, place)
    named = source.named(answer[start:end])
    if named and all(one.in_stock == {False} for one in named):
        return answer.replace("sold out", "in stock", 1)
    return None


def _wrong_of(one: Seen, name: str, source: Source, random: Random) -> str | None:
    if one.in_stock == {False}:
        return random.choice(_ARE_THERE).format(name)
    if one.stock and random.random() < 0.6:
        free = (2, 3, 5, 12, 30, 77, 250)
        choices = [number for number in free if number not in source.numbers | one.stock]
        if choices:
            return random.choice(_NUMBERS).format(name, random.choice(choices))
    return random.choice(_ARE_GONE).format(name) if one.in_stock == {True} else None
