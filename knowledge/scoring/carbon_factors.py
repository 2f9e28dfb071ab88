"""Which kind of food a product is, and the published greenhouse gases of that kind."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from knowledge.scoring.ingredient_lexicon import Phrases, phrase_index, tokens
from knowledge.scoring.tables import read_table

_FILE = Path(__file__).with_name("carbon_factors.yaml")
_SEGMENT = re.compile(r"[,(;]|\b(?:in|with|for|from|by)\b")
_PER_WORD = 4.0
_AGREES = 3.0
_VEGAN = frozenset({"vegan", "plant"})
_SIZE = frozenset({"g", "kg", "l", "ml", "cl", "oz", "lb", "pieces", "piece", "x"})
_FLAVOUR = frozenset({"flavor", "flavored", "flavour", "flavoured"})
_NAMES = {
    "poore_nemecek": "Poore & Nemecek 2018",
    "clark": "Clark et al. 2022",
    "agribalyse": "Agribalyse 3.0.1",
}


@dataclass(frozen=True, slots=True)
class Factor:
    """kg CO2e per kg of one kind of food; ``low`` and ``high`` span the sources."""

    kind: str
    kg: float
    low: float
    high: float
    sources: tuple[str, ...]
    animal: bool
    mostly: str | None
    form: Literal["dry", "liquid"] | None
    dish: bool


@dataclass(frozen=True, slots=True)
class Match:
    """``phrase`` is what in the name told the kind; None when only the category did."""

    factor: Factor
    phrase: str | None

    @property
    def by_name(self) -> bool:
        return self.phrase is not None


@dataclass(frozen=True, slots=True)
class _Table:
    factors: dict[str, Factor]
    titles: Phrases
    categories: Phrases
    own_categories: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def _table() -> _Table:
    foods = read_table(_FILE)["foods"]
    factors = {}
    for food in foods:
        mostly = food.get("mostly")
        low, high = food["range"]
        factors[food["kind"]] = Factor(
            kind=food["kind"],
            kg=float(food["kg"]),
            low=float(low),
            high=float(high),
            sources=tuple(_NAMES[name] for name in food["from"]),
            animal=bool(food.get("animal", False)),
            form=food.get("form"),
            dish=bool(food.get("dish", False)),
            mostly=f"mostly from {mostly['stage']} ({mostly['percent']} %)" if mostly else None,
        )
    categories = {food["kind"]: food.get("categories", []) for food in foods}
    return _Table(
        factors,
        phrase_index({food["kind"]: food["titles"] for food in foods}),
        phrase_index(categories),
        {kind: frozenset(tokens(" ".join(words))) for kind, words in categories.items()},
    )


@lru_cache(maxsize=16384)
def find_factor(
    title: str,
    brand: str | None,
    category: tuple[str, ...],
    *,
    vegan: bool,
    liquid: bool,
) -> Match | None:
    """The kind named by the title, else by the category; None when nothing names one."""
    table = _table()
    if brand and title.lower().startswith(brand.lower()):
        title = title[len(brand) :]
    vegan = vegan or bool(_VEGAN & set(tokens(title)))
    levels = frozenset(tokens(" ".join(category)))
    wrong_form = "dry" if liquid else "liquid"
    by_shelf = _kinds_of_shelf(category)
    dishes = any(table.factors[kind].dish for _, kind in by_shelf)

    def fits(kind: str) -> bool:
        factor = table.factors[kind]
        return (
            not (vegan and factor.animal)
            and factor.form != wrong_form
            and (factor.dish or not dishes)
        )

    best: tuple[float, str, str] | None = None
    for weight, kind, phrase in _named(title, table.titles):
        if not fits(kind):
            continue
        agrees = any(word in levels or f"{word}s" in levels for word in table.own_categories[kind])
        score = weight + (_AGREES if agrees else 0)
        if best is None or score > best[0]:
            best = (score, kind, phrase)
    if best is not None:
        return Match(table.factors[best[1]], best[2])
    kinds = [one for one in by_shelf if fits(one[1])]
    return Match(table.factors[max(kinds)[1]], None) if kinds else None


def _kinds_of_shelf(category: tuple[str, ...]) -> list[tuple[float, str]]:
    """The kinds that the most specific level naming any names."""
    for level in reversed(category):
        named = list(_named(level.replace("&", "and"), _table().categories))
        if named:
            return [(weight, kind) for weight, kind, _ in named]
    return []


def _named(text: str, phrases: Phrases) -> Iterator[tuple[float, str, str]]:
    """Kinds named in a text with a weight: longer phrases, the first part, its last words."""
    for part, segment in enumerate(_SEGMENT.split(text.lower())):
        words = [word for word in tokens(segment) if not word.isdigit() and word not in _SIZE]
        words = [
            word
            for word, after in zip(words, [*words, ""][1:], strict=True)
            if after not in _FLAVOUR and word not in _FLAVOUR
        ]
        for position, word in enumerate(words):
            for phrase, kinds in phrases.get(word, ()):
                end = position + len(phrase)
                if tuple(words[position:end]) != phrase:
                    continue
                weight = _PER_WORD * len(phrase) - 2.0 * min(part, 2) + (end == len(words))
                for kind in kinds:
                    yield weight, kind, " ".join(phrase)
