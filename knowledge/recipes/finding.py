"""Finds the recipe that somebody means by a name, and what comes closest (pure)."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from knowledge.errors import InvalidInput
from knowledge.recipes.models import Recipe
from knowledge.search.text import stem, words
from knowledge.shoppers.vocabulary import read_diet

_TYPOS = 86
_CLOSE = 55
_AROUND = (
    "a an the some my our for of with and to in on recipe recipes dish meal dinner lunch supper "
    "tonight today easy quick simple homemade classic best good real nice cheap big small make "
    "cook ingredients everything stuff"
)
_SAID_AROUND = frozenset(stem(word) for word in _AROUND.split())
Key = tuple[str, ...]


def find_recipe(text: str, recipes: Sequence[Recipe]) -> Recipe | None:
    """By title, alias or id; then with other words around it; then with a typo or two."""
    wanted = _key(text)
    if not wanted:
        return None
    names = [(recipe, key) for recipe in recipes for key in _keys(recipe)]
    for recipe, key in names:
        if key == wanted:
            return recipe
    inside = {recipe.id: recipe for recipe, key in names if set(wanted) <= set(key)}
    if len(inside) == 1:
        return next(iter(inside.values()))
    scored = [(fuzz.ratio(" ".join(wanted), " ".join(key)), recipe) for recipe, key in names]
    best = max(scored, key=lambda one: one[0], default=(0.0, None))
    return best[1] if best[0] >= _TYPOS else None


def closest(text: str, recipes: Sequence[Recipe], limit: int = 4) -> list[Recipe]:
    """The one of that name, then those that sound or are tagged alike, best first."""
    wanted = _key(text)
    said = " ".join(wanted)

    def likeness(recipe: Recipe) -> float:
        sound = max(fuzz.token_set_ratio(said, " ".join(key)) for key in _keys(recipe))
        tags = {part for tag in recipe.tags for part in _key(tag)}
        exactly = 1000 if recipe == meant else 0
        return exactly + sound + 100 * len(tags & set(wanted)) / max(len(wanted), 1)

    meant = find_recipe(text, recipes)
    scored = sorted(((likeness(one), one) for one in recipes), key=lambda one: -one[0])
    return [recipe for score, recipe in scored if score >= _CLOSE][:limit]


def read_dish(text: str) -> tuple[str, tuple[str, ...]]:
    """Take diets out of the name of a dish: "vegan chili" is chili, and vegan."""
    said = text.split()
    kept: list[str] = []
    diets: list[str] = []
    at = 0
    while at < len(said):
        for length in (2, 1):
            diet = _diet(" ".join(said[at : at + length]))
            if diet is not None and at + length <= len(said):
                diets.append(diet)
                at += length
                break
        else:
            kept.append(said[at])
            at += 1
    return " ".join(kept), tuple(dict.fromkeys(diets))


def _diet(text: str) -> str | None:
    try:
        return read_diet(text.replace("-", " "))[0]
    except InvalidInput:
        return None


def _keys(recipe: Recipe) -> Iterable[Key]:
    for name in (recipe.title, *recipe.aliases, recipe.id.replace("-", " ")):
        yield _key(name)


@lru_cache(maxsize=4096)
def _key(text: str) -> Key:
    found = tuple(stem(word) for word in words(text))
    return tuple(term for term in found if term not in _SAID_AROUND) or found
