"""Which of the Nutri-Score's tables a product is judged by, or that it is left out."""

from decimal import Decimal, InvalidOperation
from functools import lru_cache

from knowledge.catalog.models import NutritionClass, Product
from knowledge.scoring.food_kind import is_food
from knowledge.scoring.ingredient_lexicon import tokens
from knowledge.scoring.liquids import is_liquid

_ALCOHOL_LIMIT = Decimal("1.2")  # Regulation (EU) No 1169/2011, article 16 (4)
_LEFT_OUT = {
    "baby", "infant", "toddler", "supplement", "supplements", "coffee", "coffees", "tea", "teas",
    "herb", "herbs", "spice", "spices", "yeast", "gum",
}  # fmt: skip
_RED_MEAT = {"beef", "veal", "pork", "lamb", "mutton", "venison", "goat", "ham", "bacon"}
_FATS = {
    "oil", "oils", "butter", "butters", "margarine", "margarines", "nuts", "seeds", "almonds",
    "walnuts", "cashews", "hazelnuts", "peanuts", "pistachios", "ghee", "cream",
}  # fmt: skip
_DRINKS = {
    "drink", "drinks", "beverage", "beverages", "juice", "juices", "soda", "sodas", "milk",
    "cola", "lemonade", "smoothie", "smoothies",
}  # fmt: skip
_WATER = {"water", "waters"}


def nutrition_class(product: Product) -> tuple[NutritionClass | None, str | None]:
    """The class, and words about how it was guessed when the maker does not state one.

    None for what the scheme leaves out: alcohol, infant food, coffee, tea, herbs, spices, and
    everything that is not a food.
    """
    if not is_food(product) or _alcoholic(product) or _left_out(product.category):
        return None, None
    if product.nutrition_class is not None:
        return product.nutrition_class, None
    if product.nutrition is None:
        return None, None
    kind = _guess(product.title, product.category, is_liquid(product))
    return kind, f"taken as {kind.replace('_', ' ')} by its name and category"


def _alcoholic(product: Product) -> bool:
    try:
        return Decimal(str(product.attributes.get("alcohol_percent", 0))) > _ALCOHOL_LIMIT
    except InvalidOperation:
        return False


@lru_cache(maxsize=4096)
def _left_out(category: tuple[str, ...]) -> bool:
    return bool(category) and bool(_LEFT_OUT & set(tokens(category[-1])))


@lru_cache(maxsize=4096)
def _guess(title: str, category: tuple[str, ...], liquid: bool) -> NutritionClass:  # noqa: FBT001
    leaf = set(tokens(category[-1])) if category else set()
    words = leaf | set(tokens(title))
    guess: NutritionClass = "general"
    if liquid and (words & _DRINKS or words & _WATER):
        guess = "water" if leaf & _WATER else "beverage"
    elif words & {"cheese", "cheeses"}:
        guess = "cheese"
    elif leaf & _RED_MEAT:
        guess = "red_meat"
    elif leaf & _FATS or (liquid and words & _FATS):
        guess = "fat_oil_nut"
    return guess
