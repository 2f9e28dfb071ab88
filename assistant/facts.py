"""What this conversation knows for certain: the figures and names that may be stated."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from assistant.amounts import currencies_of, find_amounts
from assistant.offer_words import Offer, find_offers, offers_in
from assistant.state import TurnState
from assistant.words import name_words, word_set, words_of
from tools.blocks import Block

_AMOUNTS = frozenset(
    {
        "price",
        "deal_price",
        "amount",
        "unit_price",
        "total",
        "items",
        "discount",
        "delivery",
        "deposit",
        "tax",
        "included_tax",
        "fee",
        "spent",
        "in_cart",
        "left",
        "price_difference",
        "refund",
    }
)
_CARBON = frozenset(
    ("kg_co2e", "kg_co2e_per_kg", "kg_co2e_per_item", "total_kg_co2e", "kg_co2e_difference")
)
_GRADES = {
    "nutri_score": "nutri",
    "eco_grade": "eco",
    "grade": "eco",
    "grade_before": "either",
    "grade_after": "either",
}
_NAMES = frozenset((
    "title", "brand", "category", "number", "shop", "replaced", "label", "section",
    "name", "address", "pickup_place", "coupons",
))  # fmt: skip
# Written by shop owners or by us; a product's own description may claim anything.
_TRUSTED_TEXT = frozenset(
    {
        "text",
        "note",
        "warnings",
        "hints",
        "promotion",
        "reason",
        "because",
        "question",
        "drivers",
        "source",
        "value",
        "values",
        "steps",
        "missing",
    }
)
_LINK = re.compile(r"https?://[^\s)>\]\"']+|www\.[^\s)>\]\"']+", re.IGNORECASE)
_SHARE = re.compile(r"\b(\d+) of (\d+)\b")
_STOCK = re.compile(
    r"\b(\d+(?:\.\d+)?)\b(?: kg| l)? (?:of [^.;]{1,140} in stock|left|in stock|available)"
    r"|\b(?:only|at most) (\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
_KG_CO2E = re.compile(r"(\d+(?:\.\d+)?) kg CO2e")
_ECO_GRADE = re.compile(r"\beco grade ([A-E])\b")
_MOST_LINES = 60


@dataclass(slots=True)
class ProductFacts:
    """What is known of one product."""

    title: str
    amounts: set[Decimal] = field(default_factory=set)
    stock: set[Decimal] = field(default_factory=set)
    in_stock: set[bool] = field(default_factory=set)
    carbon: set[Decimal] = field(default_factory=set)
    grades: set[tuple[str, str]] = field(default_factory=set)
    """Which score, and the letter."""
    ratings: set[Decimal] = field(default_factory=set)
    offers: set[Offer] = field(default_factory=set)
    brand: str = ""

    @property
    def words(self) -> frozenset[str]:
        return word_set(self.title)

    @property
    def name_words(self) -> frozenset[str]:
        """Title and brand without sizes: what people call it by."""
        return name_words(f"{self.title} {self.brand}")


@dataclass(slots=True)
class Facts:
    """Collected from tool results, the state and the shopper's own words."""

    products: dict[str, ProductFacts] = field(default_factory=dict)
    amounts: set[Decimal] = field(default_factory=set)
    """Totals, budgets and amounts somebody said: they belong to no single product."""
    standing: dict[str, set[Decimal]] = field(default_factory=dict)
    """Amounts of the cart and of the budget as they are now, without those of before."""
    sums: set[Decimal] = field(default_factory=set)
    """What the lines of the cart come to."""
    budgets: set[Decimal] = field(default_factory=set)
    left: set[Decimal] = field(default_factory=set)
    said: set[tuple[Decimal, frozenset[str]]] = field(default_factory=set)
    """Amounts in the shopper's own words, with the currencies they may be in."""
    currencies: set[str] = field(default_factory=set)
    carbon: set[Decimal] = field(default_factory=set)
    grades: set[tuple[str, str]] = field(default_factory=set)
    grade_changes: set[tuple[str, str]] = field(default_factory=set)
    """From which grade to which a swap leads."""
    shares: set[tuple[int, int]] = field(default_factory=set)
    """Such as (3, 6) for "bought with it in 3 of 6 baskets"."""
    latest: list[str] = field(default_factory=list)
    """Keys of the products shown last as a list."""
    names: set[frozenset[str]] = field(default_factory=set)
    """Titles, brands and categories as sets of words."""
    offers: set[Offer] = field(default_factory=set)
    """Those told of no single product."""
    asked: set[Offer] = field(default_factory=set)
    """Offers in the shopper's own words: they may be refused."""
    counts: set[Decimal] = field(default_factory=set)
    """How much there is by texts of ours, such as "there are only 3 left"."""
    words: set[str] = field(default_factory=set)
    """Words of policies, questions and the shopper, which may be quoted."""
    links: set[str] = field(default_factory=set)
    _naming: dict[str, list[ProductFacts]] | None = None

    @property
    def naming(self) -> dict[str, list[ProductFacts]]:
        """The products by each word of their names."""
        if self._naming is None:
            self._naming = {}
            for product in self.products.values():
                for word in product.name_words:
                    self._naming.setdefault(word, []).append(product)
        return self._naming

    def add_state(self, state: TurnState) -> None:
        dumped = state.model_dump(mode="json")
        self._settle({"type": "cart", **{name: dumped.pop(name) for name in ("cart", "budget")}})
        self._walk(dumped, None)
        for word in words_of(state.shop):
            self.words.add(word)

    def add_blocks(self, blocks: Iterable[Block]) -> None:
        self.add_dumped(block.model_dump(mode="json") for block in blocks)

    def add_dumped(self, blocks: Iterable[dict[str, Any]]) -> None:
        """Blocks as JSON, as earlier turns have kept them."""
        for block in blocks:
            if block["type"] in ("cart", "budget"):
                self._settle(block)
            else:
                self._walk(block, None)
            shown = [one for one in block.get("products", []) if isinstance(one, dict)]
            if len(shown) > 1:
                self.latest = [one["id"] for one in shown]
            for row in block.get("rows", []):
                self._compare(row, shown)

    def add_result(self, text: str, blocks: Iterable[dict[str, Any]]) -> None:
        """What a tool returned. A cart's text tells more than its block: stock, climate, grade."""
        blocks = list(blocks)
        self.add_dumped(blocks)
        if any(block.get("type") == "cart" for block in blocks):
            self.counts |= _left(text)
            self.carbon |= {Decimal(number) for number in _KG_CO2E.findall(text)}
            self.grades |= {("eco", grade) for grade in _ECO_GRADE.findall(text)}
        codes = [code for block in blocks for code in (block.get("cart") or {}).get("coupons", ())]
        if any(code in text for code in codes):
            # What a coupon takes off, and from which sum on, stands nowhere else.
            self.add_words(text, ours=True)

    def add_words(self, text: str, *, ours: bool = False) -> None:
        """What the shopper said, or one of our own messages: its figures may be repeated."""
        if ours:
            self.offers |= offers_in(text)
            self.amounts |= _amounts(text)
            self.counts |= _left(text)
        else:
            self.asked |= offers_in(text)
            self.amounts |= _figures(text)
            self.said |= {(one.value, currencies_of(one.text)) for one in find_amounts(text)}
        self.words.update(words_of(text))
        self.links.update(_LINK.findall(text))

    @property
    def general(self) -> set[Decimal]:
        """Amounts that belong to no single product: totals, budgets, fees, what was said."""
        return self.amounts.union(*self.standing.values())

    @property
    def all_grades(self) -> set[tuple[str, str]]:
        return self.grades.union(*(one.grades for one in self.products.values()))

    def summary(self) -> str:
        """The facts as lines for a model that has to write its answer again."""
        lines = []
        for product_id, one in self.products.items():
            figures = ", ".join(str(amount) for amount in sorted(one.amounts))
            stock = "" if one.in_stock != {False} else ", sold out"
            grades = "".join(f", {kind} grade {grade}" for kind, grade in sorted(one.grades))
            carbon = f", {'/'.join(map(str, sorted(one.carbon)))} kg CO2e" if one.carbon else ""
            lines.append(f"- {one.title} ({product_id}): {figures}{stock}{grades}{carbon}")
        lines = lines[-_MOST_LINES:]
        lines.append(f"- other amounts: {', '.join(str(one) for one in sorted(self.general))}")
        return "\n".join(lines)

    def _walk(self, node: dict[str, Any], product: ProductFacts | None) -> None:
        product = self._product_of(node) or product
        if "to" in node and "instead_of" in node:
            self._swap(node)
        if node.keys() == {"title", "amount"}:
            # What a promotion takes off a line goes by the owner's title of it.
            self._text(node["title"], product)
        for name, value in node.items():
            for item in value if isinstance(value, list) else (value,):
                if isinstance(item, dict):
                    self._walk(item, product)
                elif item is not None:
                    self._leaf(name, item, product)

    def _settle(self, block: dict[str, Any]) -> None:
        """Take a cart or budget instead of the one known: an old total is a wrong one."""
        before = set(self.amounts)
        budget = block.get("budget")
        if block["type"] == "cart":
            self.sums = set()
        if budget is not None:
            self.standing["budget"] = set()
            self.budgets = set(_numbers(budget["amount"]))
            self.left = set(_numbers(budget["left"]))
        self._walk(block, None)
        self.standing[block["type"]] = self.amounts - before
        self.amounts = before

    def _product_of(self, node: dict[str, Any]) -> ProductFacts | None:
        title = node.get("title")
        key = node.get("product") or node.get("id")
        if not isinstance(title, str) or not isinstance(key, str) or "type" in node:
            return None
        brand = node.get("brand")
        known = self.products.get(key)
        if known is None or (brand and not known.brand):
            self._naming = None
            known = self.products.setdefault(key, ProductFacts(title))
            known.brand = brand or ""
        self.names.add(known.words | word_set(brand or ""))
        quantity, price = node.get("quantity"), node.get("unit_price")
        if isinstance(quantity, str) and isinstance(price, str):
            both = _decimal(quantity), _decimal(price)
            if both[0] is not None and both[1] is not None:
                line = (both[0] * both[1]).quantize(Decimal("0.01"))
                known.amounts.add(line)
                self.sums.add(line)
        return known

    def _compare(self, row: dict[str, Any], shown: list[dict[str, Any]]) -> None:
        """A row of a comparison says one thing of each product."""
        for card, value in zip(shown, row["values"], strict=False):
            known = self._product_of(card)
            if known is None or value is None:
                continue
            if row["attribute"].startswith("kg CO2e"):
                known.carbon.update(_numbers(value))
            else:
                known.amounts |= _amounts(value)
                known.offers |= offers_in(value)

    def _swap(self, node: dict[str, Any]) -> None:
        """What a swap saves is said of both products."""
        if node.get("grade_before") and node.get("grade_after"):
            self.grade_changes.add((node["grade_before"], node["grade_after"]))
        for side in ("to", "instead_of"):
            known = self._product_of(node[side])
            assert known is not None
            for name in ("price_difference", "kg_co2e_difference", "grade_before", "grade_after"):
                if node.get(name) is not None:
                    self._leaf(name, node[name], known)

    def _leaf(self, name: str, value: Any, product: ProductFacts | None) -> None:  # noqa: ANN401
        if product is not None and name in ("in_stock", "stock"):
            if name == "in_stock":
                product.in_stock.add(bool(value))
            else:
                product.stock.update(_numbers(value))
        elif name in _CARBON:
            (self if product is None else product).carbon.update(_numbers(value))
        elif name in _GRADES:
            (self if product is None else product).grades.add((_GRADES[name], str(value).upper()))
        elif name == "rating" and product is not None:
            product.ratings.update(_numbers(value))
        elif isinstance(value, str):
            self._words(name, value, product)

    def _words(self, name: str, value: str, product: ProductFacts | None) -> None:
        if name == "currency":
            self.currencies.add(value)
        elif name == "source":
            self.names.update(word_set(work) for work in value.split(","))
        if name in _AMOUNTS:
            (self if product is None else product).amounts.update(_numbers(value))
        elif name in _NAMES:
            self.names.update(word_set(part) for part in value.split(" > "))
        elif name in _TRUSTED_TEXT:
            self._text(value, product)

    def _text(self, text: str, product: ProductFacts | None) -> None:
        (self if product is None else product).amounts.update(_amounts(text))
        (self if product is None else product).offers.update(offers_in(text))
        self.counts |= _left(text)
        self.shares |= {(int(part), int(whole)) for part, whole in _SHARE.findall(text)}
        if product is None:
            self.words.update(words_of(text))
        self.links.update(_LINK.findall(text))


@lru_cache(maxsize=4096)
def _amounts(text: str) -> frozenset[Decimal]:
    """Without those for several pieces: an offer is not what one of them costs."""
    several = {one.amount_at for one in find_offers(text) if one.plain}
    return frozenset(one.value for one in find_amounts(text) if one.start not in several)


@lru_cache(maxsize=4096)
def _left(text: str) -> frozenset[Decimal]:
    """How much is left, as our own texts put it."""
    return frozenset(Decimal(one) for found in _STOCK.findall(text) for one in found if one)


@lru_cache(maxsize=4096)
def _figures(text: str) -> frozenset[Decimal]:
    return frozenset(amount.value for amount in find_amounts(text, bare=True))


@lru_cache(maxsize=4096)
def _numbers(value: Any) -> list[Decimal]:  # noqa: ANN401 - any JSON scalar
    number = _decimal(str(value).split("/", maxsplit=1)[0])
    return [] if number is None else [number, abs(number)]


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
