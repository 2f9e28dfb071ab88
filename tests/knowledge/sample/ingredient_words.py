"""Finds the 14 EU allergens and animal ingredients in a list of ingredients."""

import re

PLANT = r"oat|coconut|almond|soy|rice|cashew|hazelnut|pea"
NOT_WHAT_THEY_SOUND_LIKE = (
    (r"gluten[- ]free oats?", ""),
    (rf"\b({PLANT}) (?:milk|drink|cream|yogurt)", r"\1"),
    (r"\b(peanut|almond|cashew|hazelnut|sunflower|cocoa|shea) butter", r"\1"),
    (r"cream of tartar|butter beans?|oyster mushrooms?|beef tomato(?:es)?|crab apples?", ""),
)
ALLERGEN_WORDS = {
    "gluten": r"wheat|rye|barley|oats?|spelt|semolina|malt|bulgur|couscous|seitan|gluten",
    "crustaceans": r"crustaceans?|shrimps?|prawns?|crabs?|lobsters?|crayfish",
    "eggs": r"eggs?|albumen|mayonnaise",
    "fish": r"fish|salmon|tuna|cod|pollock|haddock|herring|anchov(?:y|ies)|sardines?",
    "peanuts": r"peanuts?|groundnuts?",
    "soy": r"soya?|soybeans?|soya beans?|tofu|tempeh|edamame|miso",
    "milk": (
        r"milk|buttermilk|butter|cream|yogurt|whey|casein|lactose|ghee|cheese|parmesan"
        r"|cheddar|mozzarella|feta|ricotta"
    ),
    "nuts": r"almonds?|hazelnuts?|walnuts?|cashews?|pecans?|pistachios?|macadamias?|brazil nuts?",
    "celery": r"celery|celeriac",
    "mustard": r"mustard",
    "sesame": r"sesame|tahini",
    "sulphites": r"sul(?:f|ph)ites?|(?:meta)?bisul(?:f|ph)ites?|metabisul(?:f|ph)ites?",
    "lupin": r"lupins?",
    "molluscs": r"molluscs?|mussels?|oysters?|squid|clams?|scallops?|octopus",
}
MEAT_WORDS = (
    r"chicken|turkey|beef|pork|ham|bacon|lamb|gelatin|animal rennet|casing|lard|"
    + "|".join(ALLERGEN_WORDS[animal] for animal in ("fish", "crustaceans", "molluscs"))
)
HONEY_WORDS = r"honey|beeswax|carmine|royal jelly"


def allergens_named_in(ingredients: str) -> set[str]:
    """Name the EU allergens that the words of an ingredient list give away."""
    text = _without_lookalikes(ingredients)
    return {name for name, words in ALLERGEN_WORDS.items() if _holds(words, text)}


def names_meat(ingredients: str) -> bool:
    """Whether an animal has to die for it."""
    return _holds(MEAT_WORDS, _without_lookalikes(ingredients))


def names_animal_product(ingredients: str) -> bool:
    """Whether it comes from an animal in any way."""
    found = allergens_named_in(ingredients)
    return (
        names_meat(ingredients)
        or bool(found & {"milk", "eggs"})
        or _holds(HONEY_WORDS, ingredients.lower())
    )


def _without_lookalikes(ingredients: str) -> str:
    text = ingredients.lower()
    for pattern, kept in NOT_WHAT_THEY_SOUND_LIKE:
        text = re.sub(pattern, kept, text)
    return text


def _holds(words: str, text: str) -> bool:
    return re.search(rf"\b(?:{words})\b", text) is not None
