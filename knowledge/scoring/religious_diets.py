"""Halal and kosher: declared, or plainly not; what needs a certificate and has none is unknown."""

from decimal import Decimal, InvalidOperation

from knowledge.catalog.models import Product
from knowledge.scoring.allergens import named_in, names
from knowledge.scoring.food_kind import is_plain_plant
from knowledge.scoring.ingredient_lexicon import read_ingredients
from knowledge.scoring.verdicts import DietCheck, no, unknown, yes

_ALCOHOLIC = Decimal("0.5")
"""Percent by volume; below it a drink counts as free of alcohol in most markets."""
_NOT_KOSHER = ("pork", "crustaceans", "molluscs", "insect")


def check_halal(product: Product) -> DietCheck:
    found = named_in(product).contains
    for tag in ("pork", "alcohol", "insect"):
        if tag in found and (named := names(product, tag)) is not None:
            return no(named)
    if _alcohol(product) >= _ALCOHOLIC:
        return no("contains alcohol")
    return _declared(product, "halal")


def check_kosher(product: Product) -> DietCheck:
    found = named_in(product).contains
    for tag in _NOT_KOSHER:
        if tag in found and (named := names(product, tag)) is not None:
            return no(named)
        if tag in (product.allergens or ()):
            return no(f"contains {tag}")
    if "meat" in found and "milk" in found:
        return no(f"mixes {found['meat']} and {found['milk']}")
    return _declared(product, "kosher")


def _declared(product: Product, diet: str) -> DietCheck:
    if diet in product.diets:
        return yes("declared by the maker")
    for label in product.labels:
        if diet in label.lower():
            return yes(f"carries the label {label}")
    if is_plain_plant(product):
        return yes("a single plain plant food")
    return unknown(f"no {diet} certificate is known")


def _alcohol(product: Product) -> Decimal:
    """Percent by volume as far as known; an age limit on a drink named after alcohol counts."""
    try:
        return Decimal(str(product.attributes["alcohol_percent"]))
    except (KeyError, InvalidOperation):
        pass
    if product.age_limit and "alcohol" in read_ingredients(product.title).contains:
        return Decimal(1)
    drinks = " ".join(product.category)
    return Decimal(1 if product.age_limit and "alcohol" in read_ingredients(drinks).contains else 0)
