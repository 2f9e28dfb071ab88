"""What a recorded talk says, read on its own: nothing of the checker is used to judge it."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from tests.assistant.grounding.recorded import Part, parts_of

_SIZE = re.compile(r",?\s+(?:\d+(?:\.\d+)? x )?\d+(?:[.,]\d+)? ?(?:g|kg|ml|l|cm|pieces|rolls)\b.*$")
_LOOSE = re.compile(r", (?:loose|vegan|gluten free|mild|plain|ripe|corn & rice)$", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_PLAIN = frozenset((
    *("the", "a", "an", "and", "of", "in", "with", "by", "for", "organic", "vegan", "gluten"),
    *("free", "protein", "bar", "drink", "natural", "original", "style"),
))  # fmt: skip


@dataclass
class Seen:
    """All that a record says of one product."""

    id: str
    title: str
    brand: str = ""
    prices: set[Decimal] = field(default_factory=set)
    promotions: set[str] = field(default_factory=set)
    numbers: set[Decimal] = field(default_factory=set)
    stock: set[Decimal] = field(default_factory=set)
    in_stock: set[bool] = field(default_factory=set)
    nutri: set[str] = field(default_factory=set)
    eco: set[str] = field(default_factory=set)
    ratings: set[Decimal] = field(default_factory=set)
    diets: set[str] = field(default_factory=set)
    verdicts: dict[str, set[str]] = field(default_factory=dict)
    allergens: list[str] | None = None
    traces: list[str] | None = None
    declared: bool = False

    @property
    def name(self) -> str:
        """The title without its size."""
        return _LOOSE.sub("", _SIZE.sub("", self.title))

    @property
    def words(self) -> set[str]:
        return {one.lower() for one in re.findall(r"[A-Za-zéè]{3,}", self.name)} - _PLAIN


@dataclass
class Source:
    """A recorded talk: what wrong answers are made from and judged by."""

    talk: str
    parts: list[Part]
    products: dict[str, Seen]
    numbers: set[Decimal]
    """Every number anywhere in it."""
    totals: set[Decimal]
    """What carts, plans and orders come to, and what is left."""
    lines: set[Decimal]
    titles: str
    """All titles, in small letters."""
    text: str

    def named(self, sentence: str) -> list[Seen]:
        """The products a sentence names by a word that only they have; none when it is unclear."""
        words = {one.lower() for one in re.findall(r"[A-Za-zéè]{3,}", sentence)}
        found = []
        for one in self.products.values():
            others = set[str]().union(
                *(two.words for two in self.products.values() if two is not one)
            )
            if words & (one.words - others):
                found.append(one)
        return found


@cache
def source_of(talk: str) -> Source:
    parts = parts_of(talk)
    products: dict[str, Seen] = {}
    totals: set[Decimal] = set()
    lines: set[Decimal] = set()
    for part in parts:
        for block in part.get("blocks", []):
            _walk(block, products, None)
            _compare(block, products)
            if block["type"] == "cart":
                totals.add(Decimal(block["cart"]["totals"]["total"]))
                totals.add(Decimal(block["cart"]["totals"]["items"]))
                lines |= {Decimal(one["total"]) for one in block["cart"]["lines"]}
            if block["type"] == "plan":
                totals.add(Decimal(block["total"]))
            if block["type"] == "order":
                for order in block["orders"]:
                    totals.add(Decimal(order["total"]))
            budget = block.get("budget")
            if isinstance(budget, dict):
                totals |= {abs(Decimal(budget[name])) for name in ("left", "amount", "in_cart")}
    text = "\n".join(part["text"] for part in parts)
    for match in re.findall(r"total \$(\d+\.\d\d)", text):
        totals.add(Decimal(match))
    numbers = {Decimal(one) for one in _NUMBER.findall(text)}
    numbers |= {number for one in products.values() for number in one.numbers}
    titles = " | ".join(one.title.lower() for one in products.values())
    return Source(talk, parts, products, numbers | totals | lines, totals, lines, titles, text)


def _compare(block: dict[str, Any], products: dict[str, Seen]) -> None:
    rows = {row["attribute"]: row["values"] for row in block.get("rows", ())}
    for place, card in enumerate(block.get("products", ()) if rows else ()):
        seen = products[card["id"]]
        for values in rows.values():
            seen.numbers |= {Decimal(one) for one in _NUMBER.findall(str(values[place]))}
        declared = [
            rows.get(name, [None] * 9)[place] for name in ("contains allergens", "may contain")
        ]
        if all(declared) and not seen.declared:
            seen.declared = True
            seen.allergens, seen.traces = (
                [] if one == "none declared" else one.split(", ") for one in declared
            )


def _walk(node: Any, products: dict[str, Seen], seen: Seen | None) -> None:
    if isinstance(node, list):
        for one in node:
            _walk(one, products, seen)
        return
    if not isinstance(node, dict):
        if seen is not None and isinstance(node, str | int | float) and not isinstance(node, bool):
            seen.numbers |= {Decimal(one) for one in _NUMBER.findall(str(node))}
        return
    card = node.get("card") or node
    key = card.get("product") or card.get("id")
    if isinstance(card.get("title"), str) and isinstance(key, str) and "type" not in card:
        seen = products.setdefault(key, Seen(key, card["title"]))
        _note(node, card, seen)
    for one in node.values():
        _walk(one, products, seen)


def _note(node: dict[str, Any], card: dict[str, Any], seen: Seen) -> None:
    seen.brand = card.get("brand") or seen.brand
    seen.prices |= {Decimal(card[name]) for name in ("price", "deal_price") if card.get(name)}
    seen.promotions |= {card["promotion"]} if card.get("promotion") else set()
    seen.stock |= {Decimal(card["stock"])} if card.get("stock") is not None else set()
    seen.in_stock |= {card["in_stock"]} if "in_stock" in card else set()
    seen.nutri |= {card["nutri_score"]} if card.get("nutri_score") else set()
    seen.eco |= {card[name] for name in ("eco_grade", "grade") if card.get(name)}
    seen.ratings |= {Decimal(card["rating"])} if card.get("rating") else set()
    seen.diets |= {one for one in card.get("diets") or () if isinstance(one, str)}
    if "verdict" in node:
        seen.verdicts.setdefault(node["diet"], set()).add(node["verdict"])
    if "allergens" in node:
        seen.declared = True
        seen.allergens, seen.traces = node["allergens"], node["traces"]
