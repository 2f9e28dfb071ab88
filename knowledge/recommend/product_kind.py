"""What a product is, for asking whether another could take its place."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import yaml

from knowledge.catalog.models import Product
from knowledge.catalog.units import item_mass_kg, net_content, parse_size
from knowledge.scoring.carbon import kind_of_food
from knowledge.scoring.food_kind import is_food
from knowledge.scoring.ingredient_lexicon import tokens

_FILE = Path(__file__).with_name("substitutes.yaml")
_SEGMENT = re.compile(r"[,(;]|\b(?:in|with|for|from|by)\b")
_NOT_NOUNS = frozenset(
    {
        "g", "kg", "l", "ml", "cl", "oz", "lb", "x", "pack", "piece", "pieces", "loose", "ripe",
        "organic", "plain", "classic", "original", "large", "small", "medium", "box", "of", "the",
        "no", "style", "refill", "size", "eco", "and", "set", "roll", "rolls", "vegan",
    }
)  # fmt: skip
_SAME = 1.0
_SAME_KIND = 0.85
_SAME_USE_AND_SHELF = 0.7
_SAME_USE = 0.5
_WORDS_SHELF = 0.6
_OTHER_WORDS = 0.15
_SIZE_RATIO = Decimal(2)
_FITTINGS = (
    "size", "length", "length_mm", "width_mm", "diameter_mm", "socket", "thread", "drive", "color",
    "colour", "voltage", "voltage_v", "power_source", "finish",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProductKind:
    """``kind`` is one of the carbon factors, ``use`` what it is for, ``noun`` what it ends in."""

    kind: str | None
    use: str | None
    noun: str | None
    words: frozenset[str]
    shelf: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Substitutes:
    use_of: dict[str, str]
    nouns: frozenset[str]
    varied: frozenset[str]
    deciding: frozenset[str]
    kinds_of: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def _substitutes() -> _Substitutes:
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return _Substitutes(
        {kind: use for use, kinds in data["uses"].items() for kind in kinds},
        frozenset(data["nouns"]),
        frozenset(data["varied"]),
        frozenset(data["deciding"]),
        {use: tuple(kinds) for use, kinds in data["uses"].items()},
    )


def varied_kinds() -> frozenset[str]:
    """Kinds that hold quite different things, of which only the same noun is the same thing."""
    return _substitutes().varied


def singular(word: str) -> str:
    if word.endswith("ies") and len(word) > len("pies"):
        return word[:-3] + "y"
    if word.endswith(("oes", "shes", "ches", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def kind_of(product: Product) -> ProductKind:
    match = None
    if is_food(product):
        match = kind_of_food(product)
    kind = match.factor.kind if match and match.by_name else None
    words, noun = _words(product.title, product.brand, kind and match and match.phrase)
    table = _substitutes()
    use = noun if noun in table.nouns else table.use_of.get(kind or "")
    return ProductKind(kind, use, noun, words, product.category)


@lru_cache(maxsize=16384)
def _words(title: str, brand: str | None, phrase: str | None) -> tuple[frozenset[str], str | None]:
    """The words of a name without brand and size, and the noun: the last of its first part."""
    if brand and title.lower().startswith(brand.lower()):
        title = title[len(brand) :]
    parts = [
        [
            singular(word)
            for word in tokens(part)
            if word not in _NOT_NOUNS and not any(letter.isdigit() for letter in word)
        ]
        for part in _SEGMENT.split(title.lower())
    ]
    words = frozenset(word for part in parts for word in part)
    nouns = (phrase or "").split() or next((part for part in parts if part), [])
    return words, singular(nouns[-1]) if nouns else None


def likeness(one: ProductKind, other: ProductKind) -> float:
    """How well the other takes the place of the one: 0 (not at all) to 1."""
    if (one.words ^ other.words) & _substitutes().deciding:
        return 0.0
    same_shelf = bool(one.shelf) and one.shelf == other.shelf
    alike = _by_kind(one, other, same_shelf) if one.kind or other.kind else 0.0
    if not alike and one.kind is None and other.kind is None and same_shelf:
        alike = _by_words(one, other)
    if not alike:
        return 0.0
    return alike - _OTHER_WORDS * (1 - _overlap(one.words, other.words))


def _by_kind(one: ProductKind, other: ProductKind, same_shelf: bool) -> float:  # noqa: FBT001
    table = _substitutes()
    if one.kind == other.kind:
        if one.noun == other.noun and same_shelf:
            return _SAME
        own_place = one.use is None and not same_shelf  # fresh bananas, and those of baby food
        return 0.0 if one.kind in table.varied or own_place else _SAME_KIND
    if one.use is not None and one.use == other.use:
        return _SAME_USE_AND_SHELF if same_shelf else _SAME_USE
    return 0.0


def _by_words(one: ProductKind, other: ProductKind) -> float:
    if one.noun is not None and one.noun == other.noun:
        return _SAME
    return _WORDS_SHELF if _overlap(one.words, other.words) > 0.5 else 0.0  # noqa: PLR2004


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def wider_queries(kind: ProductKind) -> tuple[str, ...]:
    """What to search the whole shop for, besides the shelf: other kinds of the same use."""
    table = _substitutes()
    if kind.use is None:
        return ()
    if kind.use in table.nouns:
        return (kind.use,)
    return tuple(other for other in table.kinds_of[kind.use] if other != kind.kind)


def same_size_class(one: Product, other: Product) -> bool:
    """Sold the same way, and holding between half and twice as much; unknown sizes must agree."""
    if one.sell_by != other.sell_by or (one.sell_by != "each" and one.unit != other.unit):
        return False
    if any(_unfitting(_option(one, name), _option(other, name)) for name in _FITTINGS):
        return False
    first, second = _amount(one), _amount(other)
    if first is None or second is None:
        return first is None and second is None
    if first[1] != second[1]:
        return False
    return first[0] <= second[0] * _SIZE_RATIO and second[0] <= first[0] * _SIZE_RATIO


def _amount(product: Product) -> tuple[Decimal, str] | None:
    mass = item_mass_kg(product)
    if mass is not None:
        return mass, "kg"
    content = net_content(product)
    return (content.amount, content.unit) if content else None


def _unfitting(one: str | None, other: str | None) -> bool:
    """Both known and different, as shoe sizes are; how much a pack holds is judged apart."""
    if one is None or other is None or one == other:
        return False
    return parse_size(one) is None or parse_size(other) is None


def _option(product: Product, name: str) -> str | None:
    value = product.options.get(name) or product.attributes.get(name)
    return None if value is None else str(value).lower()
