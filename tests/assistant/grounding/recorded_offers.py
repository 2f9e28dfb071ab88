"""What a recorded talk says of offers, codes and addresses, to judge invented ones by."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import combinations
from typing import Any

from tests.assistant.grounding.record_reading import Seen, source_of

_PERCENT = re.compile(r"(\d+) ?% off")
_BUNDLE = re.compile(r"(\d+)(?: [a-z ]+)? for \$(\d+\.\d\d)")
_BRAND = re.compile(r"everything from (.+)")
_UNTIL = re.compile(r"until ([A-Z][a-z]{2} \d+)")
_CODE = re.compile(r"\b(?:[Cc]ode|Coupon) ([A-Z]+\d+)\b")


@dataclass
class Offer:
    """All offers that a product, or a cart line of it, has in the talk."""

    texts: set[str] = field(default_factory=set)
    percents: set[Decimal] = field(default_factory=set)
    """Also what an offer of several comes to."""
    ends: set[str] = field(default_factory=set)


@dataclass
class Offers:
    """``products`` holds those with an offer only."""

    raw: str
    """The whole record in small letters."""
    products: dict[str, Offer] = field(default_factory=dict)
    prices: dict[str, Decimal] = field(default_factory=dict)
    """What one of a product costs without its offer."""
    pictures: dict[str, str] = field(default_factory=dict)
    brands: set[str] = field(default_factory=set)
    percents: set[Decimal] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    savings: set[Decimal] = field(default_factory=set)
    """Every saving, and what any of them come to together."""

    def has(self, one: Seen) -> bool:
        return one.id in self.products or one.brand in self.brands

    def percents_of(self, one: Seen) -> set[Decimal]:
        own = self.products.get(one.id)
        return self.percents | (own.percents if own else set())

    def ends_of(self, one: Seen) -> set[str]:
        own = self.products.get(one.id)
        return own.ends if own else set()


@cache
def offers_of(talk: str) -> Offers:
    source = source_of(talk)
    raw = json.dumps(source.parts, ensure_ascii=False)
    found = Offers(raw.lower(), codes=set(_CODE.findall(raw)))
    single: set[Decimal] = set()
    for node in _nodes(source.parts):
        _note_card(found, node)
        adjustments = node.get("adjustments") or ()
        texts = [str(one["title"]) for one in adjustments]
        texts += [str(node[name]) for name in ("promotion", "reason") if _is_offer(node.get(name))]
        single |= {abs(Decimal(one["amount"])) for one in adjustments}
        if node.get("deal_price"):
            single.add(Decimal(node["price"]) - Decimal(node["deal_price"]))
        if texts:
            _note(found, source.products[node.get("product") or node["id"]], texts)
    found.percents |= {Decimal(one) for one in _PERCENT.findall(raw)}
    single |= {Decimal(one) for one in re.findall(r"saves \$(\d+\.\d\d)", raw)}
    single |= {Decimal(one) for one in re.findall(r"\$(\d+\.\d\d) off", raw)}
    for size in range(1, 4):
        found.savings |= {sum(some, Decimal(0)) for some in combinations(sorted(single), size)}
    return found


def _note_card(found: Offers, node: dict[str, Any]) -> None:
    key = node.get("product") or node.get("id")
    price = node.get("price") or node.get("unit_price")
    if isinstance(key, str) and isinstance(price, str):
        found.prices.setdefault(key, Decimal(price))
        if node.get("image_url"):
            found.pictures[key] = node["image_url"]


def _note(found: Offers, product: Seen, texts: list[str]) -> None:
    offer = found.products.setdefault(product.id, Offer())
    offer.texts |= set(texts)
    for text in texts:
        offer.ends |= set(_UNTIL.findall(text))
        offer.percents |= {Decimal(one) for one in _PERCENT.findall(text)}
        found.brands |= set(_BRAND.findall(text))
        for count, total in _BUNDLE.findall(text):
            price = found.prices[product.id]
            offer.percents.add(100 * (1 - Decimal(total) / (int(count) * price)))


def _is_offer(text: Any) -> bool:
    return isinstance(text, str) and bool(_PERCENT.search(text) or _BUNDLE.search(text))


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for one in children:
        yield from _nodes(one)
