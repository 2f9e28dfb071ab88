"""Makes wrong prices and wrong totals."""

import re
from decimal import Decimal
from random import Random

from tests.assistant.grounding.mutations import (
    MONEY,
    money,
    other_amounts,
    register,
    sentence_at,
)
from tests.assistant.grounding.record_reading import Seen, Source

_TOTALS = re.compile(
    r"\b(?:total|comes to|cart|basket|order|together|left|budget|altogether|zusammen|warenkorb|"
    r"carrito|pedido|bestellung|over|in all|pay|makes it)\b",
    re.IGNORECASE,
)


@register("price")
def wrong_price(answer: str, source: Source, random: Random) -> str | None:
    """Another amount for a price: a slip, its dollars without the cents, another product's."""
    places = list(MONEY.finditer(answer))
    random.shuffle(places)
    prices = {price for one in source.products.values() for price in one.prices}
    for match in places:
        amount = Decimal(match[1])
        if amount not in prices or amount in source.totals:
            continue
        said = _wrong_amount(amount, _clause(answer, match), source, random)
        if said is not None:
            return answer[: match.start()] + said + answer[match.end() :]
    return None


def _clause(answer: str, match: re.Match[str]) -> str:
    start, end = sentence_at(answer, match.start())
    return answer[start:end]


def _wrong_amount(amount: Decimal, sentence: str, source: Source, random: Random) -> str | None:
    together = _sums(source) if "both" in sentence.lower() else set[Decimal]()
    known = source.numbers | together
    choices = [one for one in other_amounts(amount, random) if one not in known]
    named = source.named(sentence)
    if len(named) == 1 and len(MONEY.findall(sentence)) == 1 and amount in named[0].prices:
        swapped = _prices_of_others(amount, named[0], source)
        if swapped and random.random() < 0.5:
            choices = swapped
        whole = amount.to_integral_value(rounding="ROUND_FLOOR")
        if random.random() < 0.1 and whole > 1 and whole not in source.numbers | {amount}:
            return f"${whole}"
    return money(random.choice(choices)) if choices else None


def _sums(source: Source) -> set[Decimal]:
    """What two things cost: "both cost $3.58" may be meant so."""
    prices = [price for one in source.products.values() for price in one.prices]
    return {one + other for one in prices for other in prices}


def _prices_of_others(amount: Decimal, own: Seen, source: Source) -> list[Decimal]:
    return [
        price
        for one in source.products.values()
        for price in sorted(one.prices)
        if price not in own.numbers and abs(price - amount) > 1
    ]


@register("total")
def wrong_total(answer: str, source: Source, random: Random) -> str | None:
    """Another amount for what a cart, plan, order or budget comes to: a slip, a line too few."""
    places = [one for one in MONEY.finditer(answer) if Decimal(one[1]) in source.totals]
    random.shuffle(places)
    for match in places:
        amount = Decimal(match[1])
        if not _TOTALS.search(_clause(answer, match)):
            continue
        missing = [amount + sign * line for line in sorted(source.lines) for sign in (-1, 1)]
        choices = [one for one in missing if one > 1] if random.random() < 0.5 else []
        choices = choices or other_amounts(amount, random)
        choices = [one for one in choices if one not in source.numbers]
        if choices:
            return answer[: match.start()] + money(random.choice(choices)) + answer[match.end() :]
    return None
