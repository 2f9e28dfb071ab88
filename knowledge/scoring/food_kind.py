"""Decides whether a product is a food, on any catalog: by its data, its category, its name."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from knowledge.catalog.models import Product
from knowledge.scoring.ingredient_lexicon import plural, tokens
from knowledge.scoring.tables import read_table

_FILE = Path(__file__).with_name("food_words.yaml")
Side = Literal["food", "animal_food", "not_food"]


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    groups: dict[str, list[str]] = read_table(_FILE)
    return {
        group: frozenset(words) | {plural(word) for word in words}
        for group, words in groups.items()
    }


@lru_cache(maxsize=4096)
def category_side(category: tuple[str, ...]) -> Side | None:
    """What the category says, the most specific level that says anything deciding."""
    words = _words()
    for level in reversed(category):
        named = set(tokens(level))
        if named & words["animal_food"]:
            return "animal_food"
        if named & words["food_first"]:
            return "food"
        if named & words["not_food"]:
            return "not_food"
        if named & words["food"]:
            return "food"
    return None


@lru_cache(maxsize=4096)
def _title_side(title: str) -> Side | None:
    words = _words()
    named = set(tokens(title))
    if named & words["not_food_titles"]:
        return "not_food"
    return "food" if named & words["food_titles"] else None


def is_food(product: Product) -> bool:
    """Whether people eat or drink it. Without any sign of food it is not one."""
    side = category_side(product.category)
    if side == "animal_food":
        return False
    known = product.nutrition is not None or product.nutrition_class is not None
    if known or product.allergens is not None or product.traces is not None:
        return True
    return (side or _title_side(product.title)) == "food"


def is_animal_food(product: Product) -> bool:
    """Whether pets or other animals eat it; cat litter stands on that shelf too."""
    animals = category_side(product.category) == "animal_food"
    return animals and _title_side(product.title) != "not_food"


@lru_cache(maxsize=4096)
def _plain(words: tuple[str, ...]) -> bool:
    known = _words()
    named = [word for word in words if not word.isdigit() and word not in known["descriptions"]]
    return bool(named) and all(word in known["plain_plants"] for word in named)


@lru_cache(maxsize=4096)
def _plain_text(text: str) -> bool:
    """One ingredient that is a plain plant, such as "Bananas" or "Organic brown rice"."""
    return not any(mark in text for mark in ",;(:") and _plain(tuple(tokens(text)))


@lru_cache(maxsize=4096)
def _plain_title(title: str) -> bool:
    return _plain(tuple(tokens(title)))


def is_plain_plant(product: Product) -> bool:
    """Whether it is recognised as one unmixed plant food, by its ingredients else its name."""
    if product.ingredients is not None:
        return _plain_text(product.ingredients)
    return category_side(product.category) == "food" and _plain_title(product.title)
