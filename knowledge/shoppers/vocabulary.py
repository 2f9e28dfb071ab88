"""The diets and allergens there are, and what people call them."""

import re

from knowledge.catalog.models import ALLERGENS, DIETS
from knowledge.errors import InvalidInput

_DIET_NAMES = {
    "vegan": "vegan",
    "plant based": "vegan",
    "plantbased": "vegan",
    "veggie": "vegetarian",
    "ovo lacto vegetarian": "vegetarian",
    "lacto ovo vegetarian": "vegetarian",
    "no gluten": "gluten_free",
    "without gluten": "gluten_free",
    "celiac": "gluten_free",
    "coeliac": "gluten_free",
    "no lactose": "lactose_free",
    "without lactose": "lactose_free",
    "lactose intolerant": "lactose_free",
    "lactose intolerance": "lactose_free",
    "no nuts": "nut_free",
    "nuts free": "nut_free",
    "without nuts": "nut_free",
    "bio": "organic",
    "sugar free": "low_sugar",
    "less sugar": "low_sugar",
    "low salt": "low_sodium",
    "less salt": "low_sodium",
    "ketogenic": "keto",
    "low carb": "keto",
    "fairtrade": "fair_trade",
}

# What a person is allergic to, in the EU's 14. Where a word is wider than one group, all of them.
_ALLERGEN_NAMES: dict[str, tuple[str, ...]] = {
    "wheat": ("gluten",),
    "rye": ("gluten",),
    "barley": ("gluten",),
    "oats": ("gluten",),
    "spelt": ("gluten",),
    "cereals": ("gluten",),
    "celiac": ("gluten",),
    "coeliac": ("gluten",),
    "shellfish": ("crustaceans", "molluscs"),
    "seafood": ("fish", "crustaceans", "molluscs"),
    "shrimp": ("crustaceans",),
    "shrimps": ("crustaceans",),
    "prawns": ("crustaceans",),
    "crab": ("crustaceans",),
    "lobster": ("crustaceans",),
    "mussels": ("molluscs",),
    "oysters": ("molluscs",),
    "squid": ("molluscs",),
    "mollusks": ("molluscs",),
    "egg": ("eggs",),
    "peanut": ("peanuts",),
    "groundnut": ("peanuts",),
    "groundnuts": ("peanuts",),
    "soya": ("soy",),
    "soybean": ("soy",),
    "soybeans": ("soy",),
    "dairy": ("milk",),
    "cow milk": ("milk",),
    "cows milk": ("milk",),
    "milk protein": ("milk",),
    "nut": ("nuts",),
    "tree nut": ("nuts",),
    "tree nuts": ("nuts",),
    "almond": ("nuts",),
    "almonds": ("nuts",),
    "hazelnut": ("nuts",),
    "hazelnuts": ("nuts",),
    "walnut": ("nuts",),
    "walnuts": ("nuts",),
    "cashew": ("nuts",),
    "cashews": ("nuts",),
    "pecan": ("nuts",),
    "pecans": ("nuts",),
    "pistachio": ("nuts",),
    "pistachios": ("nuts",),
    "macadamia": ("nuts",),
    "sesame seeds": ("sesame",),
    "sulfites": ("sulphites",),
    "sulfite": ("sulphites",),
    "sulphite": ("sulphites",),
    "sulphur dioxide": ("sulphites",),
    "lupine": ("lupin",),
    "lupins": ("lupin",),
}
_WORDS_AROUND = re.compile(
    r"^(?:no |contains? )|"
    r"(?: (?:allergy|allergies|allergic|intolerance|intolerant|diet|sensitivity))+$"
)


def _plain(text: str) -> str:
    words = re.sub(r"[\s_\-]+", " ", text.strip().lower().replace("'", ""))
    return words.strip(" .")


def read_diet(text: str) -> tuple[str | None, tuple[str, ...]]:
    """A diet by any of its names, or the allergens that a word such as "dairy free" means.

    Raises ``InvalidInput`` naming all there are.
    """
    words = _plain(text)
    for candidate in (words, _WORDS_AROUND.sub("", words)):
        name = candidate.replace(" ", "_")
        if name in DIETS:
            return name, ()
        if candidate in _DIET_NAMES:
            return _DIET_NAMES[candidate], ()
    if words.endswith(" free"):
        # Dairy free is more than lactose free: there is no such diet, but there is the allergen.
        return None, read_allergen(words.removesuffix(" free"), said=text)
    known = ", ".join(DIETS)
    raise InvalidInput(f"{text!r} is not a diet this shop knows. It knows: {known}.")


def read_allergen(text: str, *, said: str | None = None) -> tuple[str, ...]:
    """Allergens by any of their names. Raises ``InvalidInput`` naming all there are."""
    words = _plain(text)
    for candidate in (words, _WORDS_AROUND.sub("", words)):
        if candidate in ALLERGENS:
            return (candidate,)
        if candidate in _ALLERGEN_NAMES:
            return _ALLERGEN_NAMES[candidate]
    known = ", ".join(ALLERGENS)
    raise InvalidInput(
        f"{said or text!r} is not an allergen this shop can look out for. It knows: {known}."
    )
