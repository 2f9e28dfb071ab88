"""Reads which offers a sentence claims, and whether the shop makes them."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from assistant.facts import Facts, ProductFacts
from assistant.mentions import Mention, products_of, spoken_of
from assistant.offer_words import Offer, OfferSaid, find_offers

_NOT_OR_ASKED = re.compile(r"\b(?:no|not|never|cannot|unable)\b|n['\u2019]t\b|\?", re.IGNORECASE)
_CENT = Decimal("0.005")


def wrong_offers(
    sentence: str, mentions: Sequence[Mention], facts: Facts, kept: set[int]
) -> Iterator[str]:
    """Why claims do not hold. Where amounts begin that are part of offers that do joins ``kept``.

    "2 for $5.00" says nothing of what one costs.
    """
    said = [
        one
        for one in find_offers(sentence)
        if not any(mention.start <= one.start and one.end <= mention.end for mention in mentions)
    ]
    groups = spoken_of(mentions, [(one.start, one.end) for one in said], sentence)
    for one, group in zip(said, groups, strict=True):
        if _holds(one, products_of(group), sentence, facts):
            if one.amount_at is not None:
                kept.add(one.amount_at)
        elif one.plain:
            yield f"no tool result gives the offer {one.text.strip()} here"


def _holds(one: OfferSaid, meant: list[ProductFacts], sentence: str, facts: Facts) -> bool:
    products = meant or list(facts.products.values())
    made: set[Offer] = facts.offers.union(*(product.offers for product in products))
    if one.offer in made:
        return True
    if one.offer in facts.asked and _NOT_OR_ASKED.search(sentence):
        return True
    return one.amount_at is not None and _adds_up(one.offer, meant, products, facts)


def _adds_up(
    offer: Offer, meant: list[ProductFacts], products: list[ProductFacts], facts: Facts
) -> bool:
    """True when it is what so many of them cost, or "eggs, 6 for $3.49" what the pack does."""
    pieces, price = offer
    prices = set[Decimal]().union(*(one.amounts for one in products))
    whole = facts.sums.union(*(one.amounts for one in meant))
    return any(abs(each * pieces - price) < _CENT for each in prices) or any(
        abs(known - price) < _CENT for known in whole
    )
