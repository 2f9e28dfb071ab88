"""Whether a product suits a diet: declared, measured, decided by an ingredient, or unknown."""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from knowledge.catalog.models import DIETS, Product
from knowledge.errors import InvalidInput
from knowledge.scoring.allergens import check_food_allergen, named_in, names
from knowledge.scoring.food_kind import is_animal_food, is_food, is_plain_plant
from knowledge.scoring.ingredient_lexicon import tokens
from knowledge.scoring.liquids import is_liquid
from knowledge.scoring.religious_diets import check_halal, check_kosher
from knowledge.scoring.verdicts import NOT_A_FOOD, DietCheck, no, unknown, yes

# Conditions of use of "low sugars" and "low sodium/salt": Regulation (EC) No 1924/2006, annex.
LOW_SUGAR_SOLID = Decimal(5)
LOW_SUGAR_LIQUID = Decimal("2.5")
LOW_SALT = Decimal("0.3")  # 0.12 g of sodium, times 2.5

# No law defines keto. A ketogenic diet allows 20 to 50 g of carbohydrate a day (StatPearls,
# "Ketogenic Diet", NBK499830); 5 g per 100 g leaves room for 400 g of such food at the strictest.
# For drinks half of it, as with sugars.
KETO_CARBOHYDRATES = Decimal(5)

_FLESH = ("meat", "pork", "fish", "crustaceans", "molluscs", "gelatin", "insect")
_NOT_VEGAN = (*_FLESH, "milk", "eggs", "bee")
_LABELS = {
    "organic": ("organic", "bio", "ecocert", "agriculture biologique"),
    "fair_trade": ("fairtrade", "fair trade", "fair for life"),
    "vegan": ("vegan",),
}
_OF_ANIMALS = frozenset({"vegan", "vegetarian", "halal", "kosher"})
"""Diets that food for pets is judged by too: who keeps them asks what it is made of."""
_OTHER_NAMES = {
    "coeliac": "gluten_free",
    "celiac": "gluten_free",
    "dairy_free": "lactose_free",
    "sugar_free": "low_sugar",
    "low_salt": "low_sodium",
    "fairtrade": "fair_trade",
    "bio": "organic",
    "ketogenic": "keto",
    "plant_based": "vegan",
}


def diet_name(text: str) -> str | None:
    """The diet meant by a name people use ("gluten free", "low salt"); None when it is none."""
    name = text.strip().lower().replace("-", "_").replace(" ", "_")
    return name if name in _CHECKS else _OTHER_NAMES.get(name)


def check_diet(product: Product, diet: str) -> DietCheck:
    """Verdict "yes" means it suits. Raises ``InvalidInput`` for what is no diet of ours."""
    check = _CHECKS.get(diet)
    if check is None:
        name = diet_name(diet)
        if name is None:
            raise InvalidInput(f"{diet!r} is not one of: {', '.join(DIETS)}.")
        check, diet = _CHECKS[name], name
    if is_food(product) or (diet in _OF_ANIMALS and is_animal_food(product)):
        return check(product)
    declared = _declared(product, diet)
    return NOT_A_FOOD if declared is None else declared


def suited_diets(product: Product) -> tuple[str, ...]:
    """Diets that it is known to suit; of what is not a food, only those declared or labelled."""
    if is_food(product):
        return tuple(diet for diet in DIETS if _CHECKS[diet](product).verdict == "yes")
    return tuple(
        diet
        for diet in DIETS
        if (check := check_diet(product, diet)) is not NOT_A_FOOD and check.verdict == "yes"
    )


def unopposed_diets(product: Product) -> tuple[str, ...]:
    """Diets that do not speak against it: those it suits, and all where nobody eats it.

    Who keeps to a diet buys soap all the same.
    """
    if is_food(product):
        return suited_diets(product)
    return tuple(diet for diet in DIETS if check_diet(product, diet).verdict == "yes")


def _declared(product: Product, diet: str) -> DietCheck | None:
    """The maker's word for it: a diet it declares, or a label."""
    names = _LABELS.get(diet, ())
    for label in product.labels:
        if _says(label, names):
            return yes(f"carries the label {label}")
    return yes("declared by the maker") if diet in product.diets else None


@lru_cache(maxsize=4096)
def _says(label: str, names: tuple[str, ...]) -> bool:
    """Whether a label holds one of the names as words of their own: "biodegradable" is no "bio"."""
    words = f" {' '.join(tokens(label))} "
    return any(f" {name} " in words for name in names)


def _animal_check(product: Product, diet: str, decisive: tuple[str, ...]) -> DietCheck:
    found = named_in(product).contains
    for tag in decisive:
        if tag in found and (named := names(product, tag)) is not None:
            return no(named)
    for allergen in product.allergens or ():
        if allergen in decisive:
            return no(f"contains {allergen}")
    if diet in product.diets or (diet == "vegetarian" and "vegan" in product.diets):
        return yes("declared by the maker")
    if is_plain_plant(product):
        return yes("a single plain plant food")
    return unknown(f"not declared {diet}")


def _vegan(product: Product) -> DietCheck:
    return _animal_check(product, "vegan", _NOT_VEGAN)


def _vegetarian(product: Product) -> DietCheck:
    return _animal_check(product, "vegetarian", _FLESH)


def _gluten_free(product: Product) -> DietCheck:
    """Coeliacs react to traces, so a warning decides as an ingredient does."""
    check = check_food_allergen(product, "gluten")
    if check.verdict == "no":
        return check
    if "gluten_free" in product.diets:
        return yes("declared by the maker")
    return check


def _lactose_free(product: Product) -> DietCheck:
    """Milk with its lactose removed suits, so a declaration outweighs the allergen."""
    if "lactose_free" in product.diets:
        return yes("declared by the maker")
    return check_food_allergen(product, "milk")


def _nut_free(product: Product) -> DietCheck:
    """Neither nuts nor peanuts; as with an allergy, traces count."""
    checks = [check_food_allergen(product, name) for name in ("nuts", "peanuts")]
    for check in checks:
        if check.verdict == "no":
            return check
    if "nut_free" in product.diets:
        return yes("declared by the maker")
    for check in checks:
        if check.verdict == "unknown":
            return check
    return yes(
        "declared without nuts and peanuts" if product.allergens is not None else checks[0].because
    )


def _organic(product: Product) -> DietCheck:
    return _labelled(product, "organic")


def _fair_trade(product: Product) -> DietCheck:
    return _labelled(product, "fair_trade")


def _labelled(product: Product, diet: str) -> DietCheck:
    return _declared(product, diet) or unknown(f"no {diet.replace('_', ' ')} label is known")


def _low_sugar(product: Product) -> DietCheck:
    limit = LOW_SUGAR_LIQUID if is_liquid(product) else LOW_SUGAR_SOLID
    sugars = product.nutrition.sugars if product.nutrition else None
    return _measured(product, "low_sugar", ("sugars", sugars, limit))


def _low_sodium(product: Product) -> DietCheck:
    salt = product.nutrition.salt if product.nutrition else None
    return _measured(product, "low_sodium", ("salt", salt, LOW_SALT))


def _keto(product: Product) -> DietCheck:
    """European labels count carbohydrates without fibre, so they are the net carbohydrates."""
    carbohydrates = product.nutrition.carbohydrates if product.nutrition else None
    limit = KETO_CARBOHYDRATES / (2 if is_liquid(product) else 1)
    if "keto" in product.diets:
        return yes("declared by the maker")
    return _measured(product, "keto", ("net carbohydrates", carbohydrates, limit))


def _measured(
    product: Product, diet: str, measure: tuple[str, Decimal | None, Decimal]
) -> DietCheck:
    name, value, limit = measure
    if value is None:
        if diet in product.diets:
            return yes("declared by the maker")
        return unknown(f"its {name} are not known" if name != "salt" else "its salt is not known")
    per = "100 ml" if is_liquid(product) else "100 g"
    words = f"{value.normalize():f} g {name} per {per}, limit {limit:f}"
    return yes(words) if value <= limit else no(words)


_CHECKS: dict[str, Callable[[Product], DietCheck]] = {
    "vegan": _vegan,
    "vegetarian": _vegetarian,
    "gluten_free": _gluten_free,
    "lactose_free": _lactose_free,
    "nut_free": _nut_free,
    "halal": check_halal,
    "kosher": check_kosher,
    "organic": _organic,
    "low_sugar": _low_sugar,
    "low_sodium": _low_sodium,
    "keto": _keto,
    "fair_trade": _fair_trade,
}
