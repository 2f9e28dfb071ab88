"""How well a product is what was named, and how much of it was meant."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import Any

from assistant.offline.acts import Item, plain
from knowledge.catalog.models import Product
from knowledge.catalog.units import parse_size, read_unit
from knowledge.money import Money
from knowledge.search.naming import heads
from knowledge.search.text import CLOSED_CLASS, is_size, stem, terms
from knowledge.search.text import words as spoken

FITS, MAY_FIT = 0.68, 0.4
_HEAD, _SHELF, _INSIDE, _DEPARTMENT = 1.0, 0.93, 0.55, 0.45
_EXTRA, _EXTRA_VARIANT, _MOST_EXTRA, _RANK = 0.04, 0.02, 0.2, 0.012
_PIECE_KG = Decimal("0.25")
"""What a piece of something sold by weight is taken to weigh when it is counted."""
_MARKED = 0.1
_FINE = Decimal("0.0001")
_SINGLE = 1
_MANY, _FEW_PIECES = 6, 4
"""From so many on, what comes in packs of several is counted by the piece."""
_NOT_PART = frozenset(["style", "flavor", "flavour", "free"])


@dataclass(frozen=True, slots=True)
class Named:
    """The terms of a product: what it is, where it stands, all it is called."""

    heads: tuple[str, ...]
    title: tuple[str, ...]
    variant: frozenset[str]
    """What follows a comma in the title: the kind of it, said last."""
    shelf: frozenset[str]
    department: frozenset[str]
    brand: frozenset[str]


@lru_cache(maxsize=4096)
def named(title: str, brand: str | None, category: str | None) -> Named:
    path = tuple(part.strip() for part in (category or "").split(">") if part.strip())
    product = Product("x", title, Money(Decimal(1), "USD"), brand=brand, category=path)
    of_brand = frozenset(terms(brand or ""))
    of_title = tuple(
        term
        for term in terms(title)
        if term not in of_brand and term not in CLOSED_CLASS and not is_size(term)
    )
    return Named(
        heads=tuple(heads(product)),
        title=of_title,
        variant=frozenset(terms(title.partition(",")[2])),
        shelf=frozenset(terms(path[-1])) if path else frozenset(),
        department=frozenset(term for part in path[:-1] for term in terms(part)),
        brand=of_brand,
    )


class Chooser:
    """Judges products by the words of a language and its synonyms."""

    def __init__(
        self,
        synonyms: Iterable[Sequence[str]],
        stops: Iterable[str] = (),
        size_words: Iterable[str] = (),
    ) -> None:
        self._stops, self._size_words = frozenset(stops), frozenset(size_words)
        self._groups: dict[str, frozenset[str]] = {}
        for group in synonyms:
            single = frozenset(stem(word) for word in group if " " not in word)
            for term in single:
                self._groups[term] = single

    def like(self, term: str) -> frozenset[str]:
        return self._groups.get(term, frozenset((term,)))

    def fit(self, words: Sequence[str], one: Named, besides: Sequence[str] = ()) -> float:
        """1 when the product is just what the words say, 0 when it has nothing to do with it.

        ``besides`` are words that may also stand in the title without making it another thing.
        """
        wanted = [term for term in terms(" ".join(words)) if term not in CLOSED_CLASS]
        wanted = [term for term in wanted if not is_size(term)] or wanted
        if not wanted:
            return 0.0
        core = self._core(words)
        sizes = {*terms(" ".join([*self._marks(words), *self._size_words]))} if core else set()
        wanted = [term for term in wanted if term not in sizes] or wanted
        head_words = [term for term in terms(" ".join(core)) if term in wanted]
        head_term = (head_words or wanted)[-1]
        known = {*one.title, *one.shelf, *one.department, *one.brand}
        covered = [term for term in wanted if self.like(term) & known]
        share = len(covered) / len(wanted)
        head = self._place(head_term, one)
        if share < 1:
            return head * share * 0.7
        called = {other for term in wanted for other in self.like(term)}
        called.update(terms(" ".join(besides).replace("_", " ")))
        extra = sum(
            _EXTRA_VARIANT if term in one.variant else _EXTRA
            for term in one.title
            if term not in called and term not in _NOT_PART
        )
        return head - min(_MOST_EXTRA, extra)

    def _core(self, words: Sequence[str]) -> list[str]:
        """As in "gloves" of "gloves for work size m": what it is, without what for and which."""
        core: list[str] = []
        for place, word in enumerate(words):
            if core and word in self._stops:
                break
            sized = place > 0 and words[place - 1] in self._size_words
            if not (word in self._size_words or sized or word[0].isdigit()):
                core.append(word)
        return core

    def _marks(self, words: Sequence[str]) -> list[str]:
        """Numbers and sizes in a name: "4" of "diapers size 4", "5" of "spaghetti 5"."""
        return [
            word
            for place, word in enumerate(words)
            if word.isdigit() or (place > 0 and words[place - 1] in self._size_words)
        ]

    def _place(self, term: str, one: Named) -> float:
        like = self.like(term)
        if like & set(one.heads):
            exact = 0.0 if term in one.heads else 0.02
            return _HEAD - exact
        if like & one.shelf:
            return _SHELF
        if like & set(one.title):
            return _INSIDE
        return _DEPARTMENT if like & (one.department | one.brand) else 0.0

    def has_all(self, wanted: Sequence[str], card: Mapping[str, Any]) -> bool:
        """Whether the title or brand has every word."""
        one = named(card["title"], card.get("brand"), card.get("category"))
        known = {*one.title, *one.brand}
        return bool(wanted) and all(self.like(term) & known for term in wanted)

    def of_card(self, item: Item, card: Mapping[str, Any], rank: int) -> float:
        one = named(card["title"], card.get("brand"), card.get("category"))
        words = item.words or tuple(term for brand in item.limits.brands for term in terms(brand))
        score = self.fit(words, one, item.limits.diets) if words else FITS
        by_weight = card.get("sell_by") in {"weight", "volume"}
        marks = self._marks(item.words)
        if marks:
            title = spoken(str(card["title"]))
            score += _MARKED if all(mark in title for mark in marks) else -_MARKED
        if by_weight and item.amount is None:
            score -= 0.03
        elif item.amount is not None and not by_weight:
            score -= 0.08
        if item.quantity is not None and item.quantity >= _MANY:
            content = parse_size(str(card["size"])) if card.get("size") else None
            if content is not None and content.unit == "piece" and content.pieces == item.quantity:
                score += 0.05
        # With an order asked for, the first that fits is meant.
        weight = 0.05 if item.limits.sort else _RANK
        return score - weight * rank


@dataclass(frozen=True, slots=True)
class Choice:
    """The product to take; ``sure`` when it plainly is what was named."""

    card: Mapping[str, Any]
    sure: bool
    others: tuple[Mapping[str, Any], ...]


def choose(
    chooser: Chooser,
    item: Item,
    cards: Sequence[Mapping[str, Any]],
    names_a_kind: Callable[[str], bool] = lambda _: True,
) -> Choice | None:
    """The best of a search for an item; None when nothing comes near.

    A product that alone has all the words is what was meant, even where they are not its head:
    "arrabbiata" is the sauce. But "honey", which is a kind of its own, is not the honey bar.
    """
    judged = sorted(
        ((chooser.of_card(item, card, rank), -rank, card) for rank, card in enumerate(cards)),
        key=lambda one: (one[0], one[1]),
        reverse=True,
    )
    fitting = [(score, card) for score, _, card in judged if score >= MAY_FIT]
    in_stock = [(score, card) for score, card in fitting if card.get("in_stock", True)]
    if not in_stock:
        return None
    score, best = in_stock[0]
    rank = next(place for place, card in enumerate(cards) if card is best)
    weight = 0.05 if item.limits.sort else _RANK
    others = tuple(card for other, card in in_stock[1:] if other >= FITS - 0.2)
    wanted = [term for term in terms(item.name) if term not in CLOSED_CLASS]
    full = [card for card in cards if chooser.has_all(wanted, card)]
    said_all = best in full and (len(full) == 1 or len(wanted) > _SINGLE)
    alone = said_all and (len(wanted) > _SINGLE or not any(map(names_a_kind, wanted)))
    return Choice(best, alone or score + weight * rank >= FITS, others)


def sold_out(chooser: Chooser, item: Item, cards: Sequence[Mapping[str, Any]]) -> bool:
    """Whether what was named is there, but out of stock."""
    return any(
        not card.get("in_stock", True) and chooser.of_card(item, card, 0) >= FITS for card in cards
    )


def quantity_of(item: Item, card: Mapping[str, Any]) -> str:
    """How much to put in the cart, in the unit the product is sold by."""
    sell_by, unit = card.get("sell_by", "each"), str(card.get("unit") or "kg")
    step = Decimal(str(card.get("step") or "1"))
    if sell_by in {"weight", "volume"}:
        return plain(_measured(item, unit, step))
    if item.amount is not None:
        return plain(_packs(item.amount, card.get("size")))
    quantity = item.quantity or Decimal(1)
    if item.dozen or quantity >= _MANY:
        quantity = _of_pack(quantity, card)
    return plain(quantity)


def _measured(item: Item, unit: str, step: Decimal) -> Decimal:
    base, size = read_unit(unit) or ("kg", Decimal(1))
    if item.amount is not None:
        wanted = item.amount[0] / size
    elif item.quantity is not None:
        wanted = item.quantity * (_PIECE_KG / size if base == "kg" else 1)
        wanted = max(wanted, _PIECE_KG / size)
    else:
        wanted = Decimal("0.5") / size
    wanted = wanted.quantize(_FINE)
    steps = (wanted / step).to_integral_value(rounding=ROUND_CEILING)
    return max(step, steps * step)


def _packs(amount: tuple[Decimal, str], size: object) -> Decimal:
    """How many packs make up a weight or a volume."""
    content = parse_size(str(size)) if size else None
    if content is None or content.unit != amount[1] or content.amount <= 0:
        return Decimal(1)
    packs = (amount[0] / content.amount).to_integral_value(rounding=ROUND_CEILING)
    return max(Decimal(1), packs)


def _of_pack(quantity: Decimal, card: Mapping[str, Any]) -> Decimal:
    """A dozen eggs is one box of twelve."""
    content = parse_size(str(card["size"])) if card.get("size") else None
    pieces = Decimal(content.pieces) if content and content.unit == "piece" else Decimal(1)
    if pieces < _FEW_PIECES:
        return quantity
    return (quantity / pieces).to_integral_value(rounding=ROUND_CEILING)
