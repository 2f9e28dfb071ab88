"""The words for diets and allergens, as tools name them."""

import re
from functools import cache, lru_cache

from prompts import load_wording


@cache
def diet_patterns() -> dict[str, re.Pattern[str]]:
    """For each diet or "without X" how it is said of a product that suits it."""
    wording: dict[str, dict[str, str]] = load_wording("diet_words")
    return {
        name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
        for name, words in wording["diets"].items()
    }


@cache
def allergen_patterns() -> dict[str, re.Pattern[str]]:
    """For each allergen the words for what holds it."""
    wording: dict[str, dict[str, str]] = load_wording("diet_words")
    return {
        name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
        for name, words in wording["allergens"].items()
    }


@cache
def any_term() -> re.Pattern[str]:
    """Quickly tells most sentences from those that speak of diets or allergens."""
    parts = [one.pattern for one in (*diet_patterns().values(), *allergen_patterns().values())]
    return re.compile("|".join(parts), re.IGNORECASE)


@lru_cache(maxsize=1024)
def needs_in(text: str) -> frozenset[str]:
    """Diets and allergens that a shopper speaks of."""
    if not any_term().search(text):
        return frozenset()
    named = (*diet_patterns().items(), *allergen_patterns().items())
    return frozenset(name for name, pattern in named if pattern.search(text))
