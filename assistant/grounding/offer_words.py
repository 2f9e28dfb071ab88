"""Finds offers in free wording, such as "2 for $5.00" or "15% off"."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from assistant.grounding.amounts import find_amounts

Offer = tuple[int, Decimal]
"""How many for which price; with 0 pieces a percentage that is taken off."""

_WORDS = (
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_COUNTS = {word: number for number, word in enumerate(_WORDS, start=2)}
# "#2 for $4" means a place in a list, "all 3 for $9" a sum.
_SEVERAL = re.compile(
    r"(?<![#\w.,/-])(?<!all )(?<!the )(?<!both )(?<!these )(?<!those )(?<!number )(?<!item )"
    rf"(?<!option )(?P<count>[2-9]|[1-9]\d|{'|'.join(_WORDS)})"
    r"(?P<things>(?: [\w'\u2019-]+){0,6}?) for (?:only |just )?[*_]*$",
    re.IGNORECASE,
)
# "The 2 for $5.50 deal" is nothing but an offer.
_CALLED_DEAL = re.compile(r"[\s*_]*(?:deal|offer|promotion|special)\b", re.IGNORECASE)
_DEAL = re.compile(
    rf"(?<![#\w.,/-])(?P<count>[2-9]|[1-9]\d|{'|'.join(_WORDS)})(?P<things>) for "
    r"(?:only |just )?[*_]*$",
    re.IGNORECASE,
)
_SHARE = r"\d{1,3}(?:[.,]\d+)?)\s?(?:%|percent|per cent)"
_PERCENT = re.compile(
    rf"(?<![\w.,])(?P<off>{_SHARE}\s(?:(?:knocked |taken |shaved )?off\b|"
    r"discount|reduction|rabatt|nachlass|reduziert|"
    r"(?:de )?(?:descuento|rebaja))"
    rf"|\b(?:discount of|reduction of|minus|abzüglich|menos)\s(?P<of>{_SHARE}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class OfferSaid:
    """``amount_at`` is where the amount of "2 for $5.00" begins; None for a percentage.

    ``plain``: said without naming what, so that it can be nothing but an offer or a sum.
    """

    offer: Offer
    text: str
    start: int
    end: int
    amount_at: int | None = None
    plain: bool = True


@lru_cache(maxsize=4096)
def find_offers(text: str) -> tuple[OfferSaid, ...]:
    found = []
    for amount in find_amounts(text):
        end = amount.start + len(amount.text)
        several = _DEAL if _CALLED_DEAL.match(text, end) else _SEVERAL
        match = several.search(text[: amount.start])
        if match is not None:
            count = match["count"].lower()
            pieces = _COUNTS.get(count) or int(count)
            said = text[match.start() : end]
            offer = (pieces, amount.value)
            plain = not match["things"]
            found.append(OfferSaid(offer, said, match.start(), end, amount.start, plain))
    for match in _PERCENT.finditer(text):
        share = Decimal((match["off"] or match["of"]).replace(",", "."))
        found.append(OfferSaid((0, share), match[0], match.start(), match.end()))
    return tuple(found)


def offers_in(text: str) -> frozenset[Offer]:
    return frozenset(one.offer for one in find_offers(text))


@lru_cache(maxsize=4096)
def single_amounts(text: str) -> frozenset[Decimal]:
    """Without those for several pieces: an offer is not what one of them costs."""
    several = {one.amount_at for one in find_offers(text) if one.plain}
    return frozenset(one.value for one in find_amounts(text) if one.start not in several)
