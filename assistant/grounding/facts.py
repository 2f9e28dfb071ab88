"""What this conversation knows for certain: the figures and names that may be stated."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from assistant.grounding.amounts import currencies_of, find_amounts
from assistant.grounding.block_reader import BlockReader
from assistant.grounding.contacts import contacts_in
from assistant.grounding.diet_words import needs_in
from assistant.grounding.facts_summary import summary_of
from assistant.grounding.numbers import (
    dates_in,
    lengths_in,
    moments_in,
    numbers_in,
    percents_in,
    spans_in,
)
from assistant.grounding.offer_words import Offer, offers_in, single_amounts
from assistant.grounding.product_facts import ProductFacts
from assistant.grounding.words import words_of
from assistant.state import TurnState
from tools.blocks import Block

__all__ = ["Facts", "ProductFacts"]

_KG_CO2E = re.compile(r"(\d+(?:\.\d+)?) kg CO2e")
_ECO_GRADE = re.compile(r"\beco grade ([A-E])\b")
_STOCK = re.compile(
    r"\b(\d+(?:\.\d+)?)\b(?: kg| l)? (?:of [^.;]{1,140} in stock|left|in stock|available)"
    r"|\b(?:only|at most) (\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b([A-Z]{3,}\d{1,4})\b([^.]{0,60})")
_IN_STOCK = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)(?: kg| l)? of (.{2,140}?) in stock\b")
_OFF = re.compile(r"(\d+\.\d\d) off\b")
_THRESHOLD = re.compile(
    r"\b(?:from|over|above|of|minimum[^.$\d]{0,40}) \$?(\d+(?:\.\d\d)?)\b(?! ?%)", re.IGNORECASE
)
_CLAUSES = re.compile(r"(?<=[.;])\s")
_GOES_ON = re.compile(r"(?:it|they|that|this)\b", re.IGNORECASE)
_TOTAL = re.compile(r"\b(?:total|together|comes to|instead of)\D{0,12}(\d+\.\d\d)", re.IGNORECASE)


@dataclass(slots=True)
class CartFacts:
    """The cart as it is now; every new one replaces it, because an old total is a wrong one."""

    totals: set[Decimal] = field(default_factory=set)
    parts: set[Decimal] = field(default_factory=set)
    """Discount, delivery, deposit, tax."""
    lines: dict[str, Decimal] = field(default_factory=dict)
    """The quantity by product."""
    sums: set[Decimal] = field(default_factory=set)
    """What the lines come to."""
    known: bool = False


@dataclass(slots=True)
class BudgetFacts:
    """The budget as it is now."""

    amounts: set[Decimal] = field(default_factory=set)
    left: set[Decimal] = field(default_factory=set)
    spent: set[Decimal] = field(default_factory=set)

    @property
    def all(self) -> set[Decimal]:
        return self.amounts | self.left | self.spent


@dataclass(slots=True)
class Facts:
    """Collected from tool results, the state and the shopper's own words."""

    products: dict[str, ProductFacts] = field(default_factory=dict)
    amounts: set[Decimal] = field(default_factory=set)
    """Amounts in texts of ours and of the shopper; they belong to no single product."""
    cart: CartFacts = field(default_factory=CartFacts)
    budget: BudgetFacts = field(default_factory=BudgetFacts)
    totals: set[Decimal] = field(default_factory=set)
    """Of plans, orders and questions."""
    past_totals: set[Decimal] = field(default_factory=set)
    """What the cart came to before it changed."""
    differences: set[Decimal] = field(default_factory=set)
    fees: set[Decimal] = field(default_factory=set)
    said: set[tuple[Decimal, frozenset[str]]] = field(default_factory=set)
    """Amounts in the shopper's own words, with the currencies they may be in."""
    currencies: set[str] = field(default_factory=set)
    carbon: set[Decimal] = field(default_factory=set)
    grades: set[tuple[str, str]] = field(default_factory=set)
    grade_changes: set[tuple[str, str]] = field(default_factory=set)
    """From which grade to which a swap leads."""
    swaps: dict[str, set[str]] = field(default_factory=dict)
    """Keys of what each thing was offered instead of."""
    shares: set[tuple[int, int]] = field(default_factory=set)
    """Such as (3, 6) for "bought with it in 3 of 6 baskets"."""
    lists: list[list[str]] = field(default_factory=list)
    """Keys of the products of each list that was shown, in order."""
    last_list: list[str] = field(default_factory=list)
    """Keys of what the last search showed, were it only one thing."""
    sizes: set[int] = field(default_factory=set)
    """How many things lists, carts and orders hold."""
    names: set[frozenset[str]] = field(default_factory=set)
    """Titles, brands and categories as sets of words."""
    brands: set[frozenset[str]] = field(default_factory=set)
    offers: set[Offer] = field(default_factory=set)
    """Those told of no single product."""
    asked: set[Offer] = field(default_factory=set)
    """Offers in the shopper's own words: they may be refused."""
    counts: set[Decimal] = field(default_factory=set)
    """How much there is by texts of ours, such as "there are only 3 left"."""
    words: set[str] = field(default_factory=set)
    """Words of policies, questions and the shopper, which may be quoted."""
    own_words: set[str] = field(default_factory=set)
    """The part of them that is the shop's."""
    contacts: set[str] = field(default_factory=set)
    """Links, mail addresses and telephone numbers."""
    numbers: set[Decimal] = field(default_factory=set)
    percents: set[Decimal] = field(default_factory=set)
    spans: set[tuple[Decimal, str]] = field(default_factory=set)
    """How long things take, such as (3, "hour")."""
    moments: set[tuple[int, int]] = field(default_factory=set)
    """Times of day."""
    days: set[int] = field(default_factory=set)
    """Days of the week that were spoken of, Monday as 0."""
    needs: set[str] = field(default_factory=set)
    """Diets and allergens the shopper said or has saved."""
    done: set[tuple[str, str]] = field(default_factory=set)
    """What tools did in this turn, such as ("added", id of the product)."""
    orders: set[str] = field(default_factory=set)
    """The states of the orders that are known."""
    coupons: set[str] = field(default_factory=set)
    codes: dict[str, set[Offer]] = field(default_factory=dict)
    """What each code takes off."""
    taken_off: set[Decimal] = field(default_factory=set)
    """What the newest cart's text says is off."""
    endings: set[str] = field(default_factory=set)
    """Last digits, where no more of a number is known."""
    dates: set[tuple[int, int]] = field(default_factory=set)
    """Months and days."""
    optional: set[str] = field(default_factory=set)
    """Keys of what a recipe may go without."""
    thresholds: set[Decimal] = field(default_factory=set)
    """Sums from which on something holds, such as free delivery."""
    threshold_words: dict[Decimal, set[str]] = field(default_factory=dict)
    """What the shop's texts speak of where they tell each of them."""
    before_keys: list[str] = field(default_factory=list, compare=False)
    """What was spoken of before the last sentence, where that one goes on about it."""
    servings: set[int] = field(default_factory=set)
    limits: set[Decimal] = field(default_factory=set)
    """Every figure in the shopper's own words."""
    quotes: list[str] = field(default_factory=list)
    """Texts of ours in this turn, which may be repeated word by word."""
    topic_keys: list[str] = field(default_factory=list, compare=False)
    """What the last sentence that was let through spoke of."""
    shown_keys: list[str] = field(default_factory=list, compare=False)
    """What the last tool result was about, when it was about few things."""
    running: bool = field(default=False, compare=False)
    """Whether that sentence ended with a colon, so that this one goes on about it."""
    scored: bool = field(default=False, compare=False)
    """Whether that sentence spoke of grades, so that "the others get a C" does, too."""
    supposed: set[Decimal] = field(default_factory=set, compare=False)
    """By how much that sentence would change a total."""
    column: list[Decimal] = field(default_factory=list, compare=False)
    """The last amount of each line of the list or table that goes on."""
    heading: set[str] = field(default_factory=set, compare=False)
    """Diets that a heading claims for the list below it."""
    kind_heading: bool = field(default=False, compare=False)
    """Whether it names a kind of things, so that all that stands below it is meant."""
    _every: dict[str, set[Decimal]] = field(default_factory=dict, compare=False)
    _naming: dict[str, list[ProductFacts]] | None = field(default=None, compare=False)

    @property
    def naming(self) -> dict[str, list[ProductFacts]]:
        """The products by each word of their names."""
        if self._naming is None:
            self._naming = {}
            for product in self.products.values():
                for word in product.name_words:
                    self._naming.setdefault(word, []).append(product)
        return self._naming

    def every(self, name: str) -> set[Decimal]:
        """All products' figures of one kind, kept until anything is added."""
        if name not in self._every:
            self._every[name] = set[Decimal]().union(
                *(getattr(one, name) for one in self.products.values())
            )
        return self._every[name]

    @property
    def latest(self) -> list[ProductFacts]:
        """The products shown last as a list."""
        return self.list_of(self.lists[-1]) if self.lists else []

    @property
    def topic(self) -> list[ProductFacts]:
        return self.list_of(self.topic_keys)

    @property
    def shown(self) -> list[ProductFacts]:
        return self.list_of(self.shown_keys)

    def list_of(self, keys: Iterable[str]) -> list[ProductFacts]:
        return [self.products[key] for key in keys if key in self.products]

    def product(self, key: str, title: str, brand: str) -> ProductFacts:
        known = self.products.get(key)
        if known is None or (brand and not known.brand):
            self._naming = None
            known = self.products.setdefault(key, ProductFacts(title, key))
            known.brand = brand
        return known

    def add_state(self, state: TurnState) -> None:
        """As it is when a turn begins: what tools did before was another turn's."""
        self._begin()
        self._every.clear()
        reader = BlockReader(self)
        dumped = state.model_dump(mode="json")
        reader.settle({"type": "cart", **{name: dumped.pop(name) for name in ("cart", "budget")}})
        reader.walk(dumped, None)
        self.words.update(words_of(state.shop))
        self.own_words.update(words_of(state.shop))
        self.dates |= dates_in(state.now)
        self.needs.update(state.preferences.diets, state.preferences.allergens)
        for member in state.household:
            self.needs.update(member.diets, member.allergens)

    def add_blocks(self, blocks: Iterable[Block]) -> None:
        self.add_dumped(block.model_dump(mode="json") for block in blocks)

    def add_dumped(self, blocks: Iterable[dict[str, Any]]) -> None:
        """Blocks as JSON, as earlier turns have kept them."""
        self._every.clear()
        reader = BlockReader(self)
        for block in blocks:
            reader.read(block)

    def add_result(self, text: str, blocks: Iterable[dict[str, Any]]) -> None:
        """What a tool returned. A cart's text tells more than its block: stock, climate, grade."""
        blocks = list(blocks)
        self.add_figures(text)
        self.add_dumped(blocks)
        if any(block.get("type") == "cart" for block in blocks):
            self._stock_told(text)
            self._every.clear()
            # What a code took off before is no longer what it takes off.
            self.amounts -= self.taken_off
            self.taken_off = {Decimal(number) for number in _OFF.findall(text)}
            self.carbon |= {Decimal(number) for number in _KG_CO2E.findall(text)}
            self.grades |= {("eco", grade) for grade in _ECO_GRADE.findall(text)}
        codes = [code for block in blocks for code in (block.get("cart") or {}).get("coupons", ())]
        if any(code in text for code in codes):
            # What a coupon takes off, and from which sum on, stands nowhere else.
            self.add_words(text, ours=True)

    def _stock_told(self, text: str) -> None:
        by_title = {one.title: one for one in self.products.values()}
        for number, title in _IN_STOCK.findall(text):
            known = by_title.get(title)
            (self.counts if known is None else known.stock).add(Decimal(number))

    def add_words(self, text: str, *, ours: bool = False) -> None:
        """What the shopper said, or one of our own messages: its figures may be repeated."""
        if ours:
            self.add_text(text)
        else:
            self._begin()
            self.asked |= offers_in(text)
            self.amounts |= _figures(text)
            self.limits |= _figures(text)
            self.said |= {(one.value, currencies_of(one.text)) for one in find_amounts(text)}
            self.needs |= needs_in(text)
            self.words.update(words_of(text))
            self.contacts |= contacts_in(text)
            self.add_figures(text)

    def _begin(self) -> None:
        self.done.clear()
        self.quotes.clear()
        self.topic_keys, self.shown_keys, self.heading = [], [], set()
        self.before_keys = []

    def add_text(self, text: str) -> None:
        """A text that the shop's owner or our own code wrote."""
        self.quotes.append(" ".join(text.split()))
        self.offers |= offers_in(text)
        self.amounts |= single_amounts(text)
        self.totals |= {Decimal(one) for one in _TOTAL.findall(text)}
        self.counts |= _left(text)
        before = ""
        for clause in _CLAUSES.split(text):
            for one in _THRESHOLD.findall(clause):
                self.thresholds.add(Decimal(one))
                words = words_of(f"{before} {clause}" if _GOES_ON.match(clause) else clause)
                self.threshold_words.setdefault(Decimal(one), set()).update(words)
            before = clause
        self.words.update(words_of(text))
        self.own_words.update(words_of(text))
        self.contacts |= contacts_in(text)
        self.add_figures(text)

    def add_figures(self, text: str) -> None:
        """Numbers and times, wherever they stand."""
        self.numbers |= numbers_in(text)
        self.percents |= percents_in(text)
        self.spans |= spans_in(text) | lengths_in(text)
        moments, days = moments_in(text)
        self.moments |= moments
        self.days |= days
        self.dates |= dates_in(text)
        for code, rest in _CODE.findall(text):
            self.codes.setdefault(code, set()).update(offers_in(rest))

    @property
    def general(self) -> set[Decimal]:
        """Amounts that belong to no single product: totals, budgets, fees, what was said."""
        return self.amounts | self.totals | self.fees | self.differences | self.standing

    @property
    def standing(self) -> set[Decimal]:
        """Amounts of the cart and of the budget as they are now."""
        return self.cart.totals | self.cart.parts | self.budget.all

    @property
    def present_totals(self) -> set[Decimal]:
        """Without what the cart came to before."""
        past = self.past_totals - self.cart.totals
        return self.cart.totals | (self.totals - past)

    @property
    def all_grades(self) -> set[tuple[str, str]]:
        return self.grades.union(*(one.grades for one in self.products.values()))

    def summary(self) -> str:
        """The facts as lines for a model that has to write its answer again."""
        return summary_of(self)


@lru_cache(maxsize=4096)
def _left(text: str) -> frozenset[Decimal]:
    """How much is left, as our own texts put it."""
    return frozenset(Decimal(one) for found in _STOCK.findall(text) for one in found if one)


@lru_cache(maxsize=4096)
def _figures(text: str) -> frozenset[Decimal]:
    return frozenset(amount.value for amount in find_amounts(text, bare=True))
