"""Checks what no other claim reads: percentages, times, nutrition, counts and any other number."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from assistant.grounding.amount_said import masked
from assistant.grounding.amounts import find_amounts
from assistant.grounding.brand_names import countries
from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention, products_of
from assistant.grounding.numbers import (
    COUNT,
    NUMBER,
    count,
    dates_in,
    moments_in,
    percents_in,
    rounds,
    spans_in,
    value,
)
from assistant.grounding.nutrition_claims import nutrition_places, wrong_nutrition
from assistant.grounding.plain_numbers import (
    ends_contact,
    is_cooked,
    is_kitchen,
    is_portion,
    moments_but,
    packed,
    reckoned_moment,
    spoken_products,
)
from assistant.grounding.product_facts import ProductFacts
from assistant.grounding.words import words_of

_DELIVERY = re.compile(
    r"\b(?:deliver\w*|arriv\w*|slots?|pick(?:ed)?[- ]?up|collect|open\w*|clos\w*|hours|come|comes|"
    r"lieferung|entrega|bring|ready|ships?|get it|order)\b",
    re.IGNORECASE,
)
_TERM = re.compile(
    rf"{_DELIVERY.pattern}|\b(?:refund\w*|returns?|cancel\w*|answer|reply|within|valid|offer|"
    rf"expires?|back|runs)\b",
    re.IGNORECASE,
)
_ORIGIN = re.compile(
    r"\b(?:from|made in|grown in|product of|produced in|imported from|origin(?: is|:)?|aus|"
    r"de)\s+(?:the\s)?[*_]*"
    r"(?P<place>[A-Z][a-zé]+(?:\s[A-Z][a-z]+)?)"
)
_FOUND = re.compile(
    rf"\b(?:found|have|are|got|here['\u2019]s|show(?:ing)?|carry|sell|offer|list(?:ed)?|all|"
    rf"these|those|the)\s+"
    rf"(?:you\s|just\s|only\s|over\s|of\s|another\s)*(?P<count>{COUNT})\s+(?:[\w-]+\s){{0,4}}?"
    r"(?:options|products|results|matches|kinds|varieties|brands|choices|hits|deals|items)\b",
    re.IGNORECASE,
)
_CART_HAS = re.compile(
    rf"\b(?:cart|basket)\b[^.;$]{{0,30}}?\b(?:has|holds|contains|"
    rf"with)\s+(?:now\s)?(?P<count>{COUNT})\s+"
    r"(?:different\s)?(?:lines?|products?|items?|things)\b",
    re.IGNORECASE,
)
_ORDINARY = Decimal(24)
_SKIP_BEFORE = re.compile(r"(?:[#№$€£]|No\.|Nr\.|option|number|step|^\s*)\s*$", re.IGNORECASE)
_SKIP_AFTER = re.compile(
    r"\s?(?:%|percent|x\b|\u00d7|\)|am\b|pm\b|uhr\b|:\d|st\b|nd\b|rd\b|th\b|/7)", re.IGNORECASE
)
_HEDGE = re.compile(
    r"(?:about|around|roughly|nearly|almost|some|over|under|approximately|~|≈|than|least|to)\s*$",
    re.IGNORECASE,
)
_HEDGED_SPAN = re.compile(
    r"\b(?:almost|nearly|about|around|roughly|just (?:under|over)|close to|fast|knapp|casi|unas) "
    r"[\w-]+ (?:hours|minutes|days|stunden|minuten|horas|minutos)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\s?(?:g|kg|ml|l|mg|cm|kcal|kilo)\b", re.IGNORECASE)
_PER_BEFORE = re.compile(r"(?:\b(?:per|pro|por|je|in|a)|/)\s?$", re.IGNORECASE)
_WHOLE = re.compile(
    r"\b(?:cart|basket|order|total|bill|warenkorb\w*|bestellung|carrito|pedido|cesta)\b",
    re.IGNORECASE,
)
_FOOTPRINT = re.compile(
    r"\b(?:footprint|CO\s?2e?|carbon|emissions?|climate|fußabdruck\w*|huella)\b|CO₂", re.IGNORECASE
)
_ABOUT_PERCENT = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|some|approximately|etwa|rund|knapp|unos|casi)\s[*_]*\d",
    re.IGNORECASE,
)
_HEDGED_PERCENT = Decimal("0.6")
_HUNDRED = Decimal(100)
_CENTS = re.compile(r"\d\s?(?:cents?|ct|¢)", re.IGNORECASE)
_AFTER_CENTS = re.compile(
    r"\b(?:instead of|down from|up from|not|statt|en vez de)\s$", re.IGNORECASE
)
_CLOSE_BY = 32
_HEDGED = Decimal("0.08")


def wrong_numbers(
    sentence: str, mentions: Sequence[Mention], taken: Sequence[tuple[int, int]], facts: Facts
) -> Iterator[str]:
    """``taken`` are the places of amounts, which are checked as such."""
    yield from _wrong_origins(sentence, mentions, facts)
    if not any(one.isdigit() for one in sentence) and not _has_words(sentence):
        return
    yield from _wrong_percents(sentence, mentions, facts)
    kitchen = is_kitchen(masked(sentence, mentions))
    yield from _wrong_times(sentence, facts, kitchen=kitchen)
    yield from wrong_nutrition(sentence, mentions, facts)
    yield from _wrong_counts(sentence, facts)
    taken = [*taken, *nutrition_places(sentence)]
    yield from _wrong_others(sentence, mentions, taken, facts, kitchen=kitchen)


def _has_words(sentence: str) -> bool:
    return bool(spans_in(sentence) or moments_in(sentence)[1] or _FOUND.search(sentence))


def _wrong_origins(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    for match in _ORIGIN.finditer(sentence):
        place = frozenset(words_of(match["place"]))
        if not any(place >= one for one in countries()) or place <= facts.own_words:
            continue
        meant = products_of(mentions) or facts.topic or facts.shown or list(facts.products.values())
        if not any(place & one.origins for one in meant):
            yield f"no tool result says that it is from {match['place']}"


def _wrong_percents(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    said = percents_in(sentence)
    if not said:
        return
    known = facts.percents | {
        price for one in facts.products.values() for pieces, price in one.offers if not pieces
    }
    known |= {price for pieces, price in facts.offers | facts.asked if not pieces} | {Decimal(100)}
    about = _ABOUT_PERCENT.search(sentence) is not None
    for one in said - known:
        if not any(
            rounds(part, one) or (about and abs(part - one) <= _HEDGED_PERCENT)
            for part in (
                *_parts(products_of(mentions) or facts.topic, facts),
                *_of_amounts(sentence),
                *_of_whole(sentence, mentions, facts),
            )
        ):
            yield f"no tool result gives {one} %"


def _of_amounts(sentence: str) -> Iterator[Decimal]:
    """Which part one amount of the sentence is of another; both are checked as amounts."""
    sizes = sorted({abs(one.value) for one in find_amounts(sentence)} - {Decimal(0)})
    for one, other in combinations(sizes, 2):
        yield 100 * one / other
        yield 100 * (other - one) / other


def _of_whole(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[Decimal]:
    """Which part of the cart's footprint, or of its total, something named or a discount is."""
    if not _WHOLE.search(sentence):
        return
    cart = facts.cart
    carted = [one for one in spoken_products(mentions, facts) if one.key in cart.lines]
    if _FOOTPRINT.search(sentence):
        parts = {abs(each) for one in carted for each in one.carbon} if mentions else set()
        wholes = facts.carbon - facts.every("carbon")
    else:
        parts = {line for one in carted for line in one.lines} if mentions else cart.parts
        wholes = cart.totals
    for whole in wholes:
        for part in parts:
            if whole > 0 and abs(part) < whole:
                yield 100 * abs(part) / whole


def _parts(products: Sequence[ProductFacts], facts: Facts) -> Iterator[Decimal]:
    """How much cheaper, in percent, one is than another; how much of the budget is used."""
    prices = {price for one in products for price in one.prices}
    units = {price for one in products for price, _ in one.unit_prices}
    carbon = {number for one in products for number in one.carbon}
    for group in (prices, units, carbon):
        for one, other in combinations(sorted(group), 2):
            if one and other:
                yield 100 * (other - one) / other
                yield 100 * (other - one) / one
    for whole in facts.budget.amounts:
        for part in facts.budget.left | facts.budget.spent | facts.cart.totals | facts.totals:
            if whole:
                yield 100 * part / whole


def _wrong_times(sentence: str, facts: Facts, *, kitchen: bool) -> Iterator[str]:
    for number, unit in spans_in(sentence) - facts.spans:
        if number <= 1 or kitchen or _same_span(number, unit, facts):
            continue
        if _HEDGED_SPAN.search(sentence) and _near_span(number, unit, facts):
            continue
        if _TERM.search(sentence):
            yield f"no tool result speaks of {number} {unit}s"
    for month, day in dates_in(sentence) - facts.dates:
        yield f"no tool result gives the date {month}/{day}"
    moments, days = moments_in(sentence)
    halves = {(hour % 12, minute) for hour, minute in facts.moments}
    for hour, minute in moments - facts.moments:
        if (hour % 12, minute) not in halves or not re.search(r"\d:\d\d\b(?!\s?[ap])", sentence):
            others = moments_but(sentence, (hour, minute))
            known = facts.moments & others or others
            if not reckoned_moment((hour, minute), sentence, known, facts):
                yield f"no tool result gives the time {hour}:{minute:02}"
    if days - facts.days and facts.days and _DELIVERY.search(sentence):
        yield "no tool result gives this day"


def _near_span(number: Decimal, unit: str, facts: Facts) -> bool:
    return any(
        other == unit and one != number and abs(one - number) <= number * _HEDGED
        for one, other in facts.spans
    )


def _same_span(number: Decimal, unit: str, facts: Facts) -> bool:
    """Two weeks are 14 days."""
    hours = {"hour": 1, "day": 24, "week": 168, "month": 720}
    if unit not in hours:
        return False
    return any(one * hours.get(other, 0) == number * hours[unit] for one, other in facts.spans)


def _wrong_counts(sentence: str, facts: Facts) -> Iterator[str]:
    for match in _CART_HAS.finditer(sentence):
        lines = facts.cart.lines
        known = {len(lines), int(sum(lines.values(), Decimal(0)))} | (
            set() if facts.cart.known else facts.sizes
        )
        if facts.cart.known and count(match["count"]) not in known:
            yield f"the cart does not have {match['count']}"
    for match in _FOUND.finditer(sentence):
        number = count(match["count"])
        most = max(facts.sizes, default=0)
        if number > max(most, len(facts.latest)) and Decimal(number) not in facts.numbers:
            yield f"no tool result shows {match['count']}"


def _wrong_others(
    sentence: str,
    mentions: Sequence[Mention],
    taken: Sequence[tuple[int, int]],
    facts: Facts,
    *,
    kitchen: bool,
) -> Iterator[str]:
    own = set[Decimal]().union(
        *(one.numbers | one.ratings | one.amounts for one in products_of(mentions))
    )
    every: set[Decimal] | None = None
    for match in NUMBER.finditer(sentence):
        start, number = match.start(), value(match[0])
        fraction = "." in match[0]
        if any(begin <= start < stop for begin, stop in taken) or number in own:
            continue
        if (not fraction and number <= _ORDINARY) or _counts_nothing(match, number, sentence):
            continue
        if (
            (kitchen and is_cooked(sentence, start, match.end(), mentions))
            or is_portion(sentence, start, match.end())
            or _in_cents(match, sentence, mentions, facts)
        ):
            continue
        if fraction and _may_be_rating(match, number, sentence, mentions):
            if not any(rounds(fact, number) for fact in own | facts.numbers - _ratings(facts)):
                yield f"no tool result gives {match[0]} here"
            continue
        if _is_known(number, facts) or ends_contact(match[0], sentence, start, facts):
            continue
        every = _every_number(facts) if every is None else every
        margin = (
            number * _HEDGED
            if _HEDGE.search(sentence, max(0, start - _CLOSE_BY), start)
            else Decimal(0)
        )
        near = any(rounds(fact, number) or abs(fact - number) <= margin for fact in every)
        if near or _derived(number, mentions, facts):
            continue
        packs = packed(sentence, match.end(), spoken_products(mentions, facts))
        if not any(rounds(one, number) or abs(one - number) <= margin for one in packs):
            yield f"no tool result gives {match[0]}"


def _in_cents(
    match: re.Match[str], sentence: str, mentions: Sequence[Mention], facts: Facts
) -> bool:
    """The 29 of "39 cents each instead of 29"."""
    if not (_CENTS.search(sentence) and _AFTER_CENTS.search(sentence, 0, match.start())):
        return False
    own = products_of(mentions) or facts.topic
    own = own + facts.list_of(key for one in own for key in facts.swaps.get(one.key, ()))
    return any(price * _HUNDRED == value(match[0]) for one in own for price in one.prices)


def _counts_nothing(match: re.Match[str], number: Decimal, sentence: str) -> bool:
    """True for a place in a list, an hour, "per 100 g"."""
    start, end = match.span()
    if _SKIP_BEFORE.search(sentence[:start]) or _SKIP_AFTER.match(sentence, end):
        return True
    unit = number == _HUNDRED and _UNIT.match(sentence, end)
    return bool(unit and _PER_BEFORE.search(sentence[:start]))


def _may_be_rating(
    match: re.Match[str], number: Decimal, sentence: str, mentions: Sequence[Mention]
) -> bool:
    return bool(
        mentions
        and not _UNIT.match(sentence, match.end())
        and _is_rating(number, match[0])
        and _rated(mentions)
    )


def _is_known(number: Decimal, facts: Facts) -> bool:
    """Whether it stands somewhere just so, which is quicker to see than what it may round."""
    if number in facts.numbers or number in facts.amounts or number in facts.carbon:
        return True
    return any(
        number in one.numbers or number in one.amounts or number in one.stock
        for one in facts.products.values()
    )


def _every_number(facts: Facts) -> set[Decimal]:
    every = facts.numbers | facts.amounts | facts.carbon | facts.counts
    for name in ("numbers", "ratings", "carbon", "amounts", "stock"):
        every |= facts.every(name)
    return every


def _derived(number: Decimal, mentions: Sequence[Mention], facts: Facts) -> bool:
    """The difference or sum of two numbers of what is spoken of."""
    known = sorted(
        set[Decimal]().union(
            *(one.numbers | one.carbon for one in products_of(mentions) or facts.topic)
        )
    )[:60]
    return any(
        rounds(abs(one - other), number) or rounds(one + other, number)
        for one, other in combinations(known, 2)
    )


def _is_rating(number: Decimal, text: str) -> bool:
    return 1 <= number <= 5 and len(text) == 3  # noqa: PLR2004 - such as 4.6


def _rated(mentions: Sequence[Mention]) -> bool:
    return any(one.ratings for one in products_of(mentions))


def _ratings(facts: Facts) -> set[Decimal]:
    return facts.every("ratings")
