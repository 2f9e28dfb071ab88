"""Finds non-nutritive sweeteners, which cost a beverage points in the Nutri-Score."""

from knowledge.catalog.models import Product
from knowledge.scoring.ingredient_lexicon import read_ingredients


def has_sweetener(product: Product) -> bool:
    """Unknown ingredients count as none: the points follow what is declared."""
    return (
        product.ingredients is not None
        and "sweetener" in read_ingredients(product.ingredients).contains
    )
