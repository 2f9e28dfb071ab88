"""What a shopper minds losing: essentials more than treats, and the qualities in a name."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from knowledge.catalog.models import Product
from knowledge.recommend.product_kind import kind_of, singular
from knowledge.scoring.ingredient_lexicon import tokens
from knowledge.scoring.tables import read_table

_FILE = Path(__file__).with_name("importance.yaml")
Importance = Literal["treat", "everyday", "essential"]
_ORDER: tuple[Importance, ...] = ("treat", "everyday", "essential")


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = read_table(_FILE)
    return {name: tuple(_plain(text).strip() for text in texts) for name, texts in groups.items()}


def _plain(text: str) -> str:
    return f" {' '.join(singular(word) for word in tokens(text))} "


def importance(product: Product) -> Importance:
    """By the category, the most specific level that says anything; else by the name's noun."""
    for level in reversed(product.category):
        found = _named(level)
        if found is not None:
            return found
    return _named(kind_of(product).noun or "") or "everyday"


@lru_cache(maxsize=4096)
def _named(text: str) -> Importance | None:
    said = _plain(text)
    for one in _ORDER:
        if any(f" {word} " in said for word in _words()[one]):
            return one
    return None


@lru_cache(maxsize=4096)
def qualities(title: str) -> frozenset[str]:
    """Words of a name that say why it was chosen, such as "organic" and "whole wheat"."""
    said = _plain(title)
    return frozenset(word for word in _words()["qualities"] if f" {word} " in said)
