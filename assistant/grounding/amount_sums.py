"""What may be worked out from prices: several of one, several together, what one saves."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice, product

from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention
from assistant.grounding.numbers import COUNT, count
from assistant.grounding.product_facts import ProductFacts

_COUNT = re.compile(
    rf"(?<!pack of )(?<!set of )(?<!box of )\b({COUNT})\b"
    r"(?!-(?:lit|kilo|gram|pound))(?!\stimes\s\d)"
    r"(?!\s(?:things|products|items|ingredients|options|kinds|choices)\b)(?!\s?(?:%|g\b|kg\b|ml\b|l\b|stars?\b)|\s?[x\u00d7]\s?\d)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"\b({COUNT})\s?(?:x|\u00d7|of|more|packs?|bags?|bottles?|jars?|cans?|units?|single|extra|the|"
    rf"our)?\s*"
    r"(?:of\s|the\s|our\s|these\s)*[*_]*$",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\b(?:together|both|total|plus|in all|altogether|sum|combined|zusammen|comes? to|makes|"
    r"for all)\b|\+",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:cheaper|dearer|pricier|more|less|than|compared|instead|over|against|versus|vs|"
    r"difference|extra|"
    r"higher|lower|switch\w*|swap\w*|rather|teurer|günstiger|billiger|más|menos)\b",
    re.IGNORECASE,
)
_TWO = re.compile(r"\bboth\b|\bcouple\b|\bpair\b", re.IGNORECASE)
_INSTEAD = re.compile(r"\b(?:instead of|statt|en vez de|down from)\b", re.IGNORECASE)
_POINTS = ("-", "*", "•", "|")
_MOST = 24
_CLOSE_BY = 40
_MANY = 400
_FEW = 4


def count_before(mention: Mention, sentence: str) -> int:
    """How many of it are named: 2 of "two packs of the penne"."""
    found = _BEFORE.search(sentence, max(0, mention.start - _CLOSE_BY), mention.start)
    return count(found[1]) if found else 1


def counts_in(sentence: str) -> set[int]:
    """The numbers in it that may count things."""
    counts = {number for one in _COUNT.findall(sentence) if 1 < (number := count(one)) <= _MOST}
    return counts | ({2} if _TWO.search(sentence) else set())


def multiples(products: Iterable[ProductFacts], sentence: str) -> set[Decimal]:
    """So many times each price, for every number that the sentence names."""
    counts = counts_in(sentence)
    amounts = set()
    for one in products:
        amounts |= {price * number for price in one.prices for number in counts}
        # "Four bags come to $11.00", at two for $5.50.
        amounts |= {
            price * number / pieces
            for pieces, price in one.offers
            for number in counts
            if pieces and number % pieces == 0
        }
        # "Two bags for 5.50 instead of 6.58": twice what an offer counts.
        amounts |= {
            price * pieces
            for price in one.prices
            for pieces, _ in one.offers
            if pieces in counts or (pieces and _INSTEAD.search(sentence))
        }
    return amounts


def combined(
    mentions: Sequence[Mention], topic: Sequence[ProductFacts], sentence: str
) -> set[Decimal]:
    """What the things that are named come to together."""
    choices: list[set[Decimal]] = []
    for mention in mentions:
        times = count_before(mention, sentence)
        prices = set[Decimal]().union(*(one.prices for one in mention.products))
        lines = set[Decimal]().union(*(one.lines for one in mention.products))
        if prices:
            choices.append({price * times for price in prices} | lines)
    if not mentions:
        choices = [one.prices | one.lines for one in topic if one.prices]
    if len(choices) < 2 or (mentions and not _TOGETHER.search(sentence)):  # noqa: PLR2004
        return set()
    return {sum(one, Decimal(0)) for one in islice(product(*choices), _MANY)}


def differences(
    about: Sequence[ProductFacts], mentions: Sequence[Mention], sentence: str, facts: Facts
) -> set[Decimal]:
    """How much cheaper one thing is than another of those spoken of, or than itself on offer."""
    others = list(about)
    if len({id(one) for one in about}) == 1:
        # "The organic ones are 50 cents more": than others of its kind.
        others += [
            one
            for one in facts.products.values()
            if one.category and one.category == about[0].category
        ]
        # A point of a list goes on about nothing.
        others += [] if sentence.lstrip().startswith(_POINTS) else facts.topic[:_FEW]
    compared = len(mentions) != 1 or _COMPARED.search(sentence) is not None
    found = _between(about, others) if compared else set[Decimal]()
    for known in {id(one): one for one in others}.values():
        found |= {abs(one - other) for one in known.prices for other in known.prices}
        found |= _by_offers(known)
    counted = multiples(about, sentence)
    if counted:
        prices = set[Decimal]().union(*(one.prices for one in about))
        found |= {abs(many - one) for many in counted for one in prices}
        # "Two of these instead of two of those".
        apart = _apart(prices, set[Decimal]().union(*(one.prices for one in others)))
        found |= {number * one for number in counts_in(sentence) for one in apart}
    found |= {abs(one) for product_ in about for one in product_.differences}
    return found - {Decimal(0)}


def _between(about: Sequence[ProductFacts], others: Sequence[ProductFacts]) -> set[Decimal]:
    """How far apart they are, in prices, per unit, and in what they come to."""
    found: set[Decimal] = set()
    for amounts in (_prices, _unit_prices, _lines):
        left = set[Decimal]().union(*(amounts(one) for one in about))
        found |= _apart(left, set[Decimal]().union(*(amounts(one) for one in others)))
    return found


def _apart(left: Iterable[Decimal], right: Iterable[Decimal]) -> set[Decimal]:
    return {abs(one - other) for one in left for other in right}


def _prices(product_: ProductFacts) -> set[Decimal]:
    return product_.prices


def _unit_prices(product_: ProductFacts) -> set[Decimal]:
    return {amount for amount, _ in product_.unit_prices}


def _lines(product_: ProductFacts) -> set[Decimal]:
    return product_.lines


def _by_offers(product_: ProductFacts) -> set[Decimal]:
    """What an offer for it takes off."""
    found: set[Decimal] = set()
    for pieces, price in product_.offers:
        if pieces:
            found |= {abs(each * pieces - price) for each in product_.prices}
        else:
            found |= {(each * price / 100).quantize(Decimal("0.01")) for each in product_.prices}
    return found
