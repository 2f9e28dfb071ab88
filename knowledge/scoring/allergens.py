"""Whether a product is safe with an allergy: declared, warned of, named, or unknown."""

from knowledge.catalog.models import ALLERGENS, Product
from knowledge.errors import InvalidInput
from knowledge.scoring.food_kind import is_food, is_plain_plant
from knowledge.scoring.ingredient_lexicon import Findings, read_ingredients
from knowledge.scoring.verdicts import NOT_A_FOOD, DietCheck, no, unknown, yes

US_9 = {
    "milk": "milk",
    "eggs": "eggs",
    "fish": "fish",
    "shellfish": "crustaceans",
    "tree nuts": "nuts",
    "peanuts": "peanuts",
    "wheat": "gluten",
    "soybeans": "soy",
    "sesame": "sesame",
}
"""The nine of the United States (FALCPA 2004, FASTER Act 2021) within the fourteen of the
European Union (Regulation (EU) No 1169/2011, Annex II). Wheat is judged as gluten, which also
holds rye, barley and oats: stricter, never laxer."""

_NAMES = set(ALLERGENS)
_OTHER_NAMES = US_9 | {
    "wheat": "gluten", "egg": "eggs", "dairy": "milk", "lactose": "milk", "peanut": "peanuts",
    "groundnuts": "peanuts", "nut": "nuts", "tree_nuts": "nuts", "almonds": "nuts",
    "soya": "soy", "soybean": "soy", "soybeans": "soy", "sulfites": "sulphites",
    "sulphite": "sulphites", "sulfite": "sulphites", "mollusks": "molluscs",
    "shrimp": "crustaceans", "crustacean": "crustaceans", "mollusc": "molluscs",
    "sesame seeds": "sesame",
}  # fmt: skip
_NOTHING = Findings({}, {})


def allergen_name(text: str) -> str | None:
    """The allergen meant by a name people use ("dairy", "tree nuts"); None when it is none."""
    if text in _NAMES:
        return text
    words = text.strip().lower()
    return words if words in _NAMES else _OTHER_NAMES.get(words)


def named_in(product: Product) -> Findings:
    """What the ingredients name; the product's name where no ingredients are known."""
    text = product.ingredients
    if text is not None:
        return read_ingredients(text)
    if product.diets:
        return _NOTHING  # a maker that declares "vegan" may well sell a "cheese"
    return read_ingredients(product.title)


def names(product: Product, tag: str) -> str | None:
    """The words by which the product names an allergen or animal product, as a sentence."""
    found = named_in(product).contains
    word = found.get(tag)
    if word is None and tag == "gluten" and "gluten_free" not in product.diets:
        word = found.get("oats")
    if word is None:
        return None
    return f"contains {word}" if product.ingredients is not None else f"named after {word}"


def _warned(product: Product, name: str) -> str | None:
    found = named_in(product).may_contain
    word = found.get(name) or (found.get("oats") if name == "gluten" else None)
    if word is None and product.traces is not None and name in product.traces:
        word = name
    return word and f"may contain {word}"


def check_allergen(product: Product, allergen: str) -> DietCheck:
    """Verdict "yes" means safe. Raises ``InvalidInput`` for what is no allergen."""
    name = allergen_name(allergen)
    if name is None:
        raise InvalidInput(f"{allergen!r} is not one of: {', '.join(ALLERGENS)}.")
    if not is_food(product):
        return NOT_A_FOOD
    return check_food_allergen(product, name)


def safe_from(product: Product) -> tuple[str, ...]:
    """All allergens that ``check_allergen`` says yes to, in one go."""
    if not is_food(product):
        return ALLERGENS
    if _hearsay(product):
        return ()
    plain = product.allergens is None and is_plain_plant(product)
    if not plain and (product.allergens is None or product.traces is None):
        return ()
    found = named_in(product)
    held = {*(product.allergens or ()), *(product.traces or ()), *found.may_contain}
    held.update(found.contains)
    if "oats" in found.may_contain or (
        "oats" in found.contains and "gluten_free" not in product.diets
    ):
        held.add("gluten")
    return tuple(name for name in ALLERGENS if name not in held)


def check_food_allergen(product: Product, name: str) -> DietCheck:
    """The same for what is known to be a food and an allergen."""
    named = names(product, name)
    if product.allergens is not None and name in product.allergens:
        if named is None or named.rstrip("s").endswith(name.rstrip("s")):
            return no(f"contains {name}")
        return no(f"{named} ({name})")
    because = named or _warned(product, name)
    return no(because) if because is not None else _not_named(product, name)


def _hearsay(product: Product) -> bool:
    """Whether strangers wrote what would make it safe: they can warn, but not vouch for it."""
    return not product.enriched.keys().isdisjoint(("ingredients", "allergens", "traces"))


def _not_named(product: Product, name: str) -> DietCheck:
    if _hearsay(product):
        return unknown(f"the shop itself does not say whether it holds {name}")
    if product.allergens is None:
        if is_plain_plant(product):
            return yes("a single plain plant food")
        return unknown("its allergens are not known")
    if product.traces is None:
        return unknown(f"{name} is not declared, but traces are not known")
    return yes(f"declared without {name}")
