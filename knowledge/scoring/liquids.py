"""Tells drinks and other liquids from solids, for thresholds that differ between them."""

from knowledge.catalog.models import Product
from knowledge.catalog.units import net_content


def is_liquid(product: Product) -> bool:
    """Drinks by their nutrition class; other goods when they are sold by volume."""
    if product.nutrition_class is not None and product.nutrition_class in ("beverage", "water"):
        return True
    return sold_by_volume(product)


def sold_by_volume(product: Product) -> bool:
    content = net_content(product)
    return content is not None and content.unit == "l"
