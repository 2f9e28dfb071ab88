"""A product as the attributes of Google's product data specification."""

import re
from decimal import Decimal, InvalidOperation

from knowledge.catalog.feeds.google_fields import OPTIONS
from knowledge.catalog.models import Product
from knowledge.money import Money

TSV_COLUMNS = (
    "id", "title", "description", "link", "image_link", "availability", "price", "sale_price",
    "brand", "gtin", "mpn", "product_type", "item_group_id", "condition", "adult",
    "unit_pricing_measure", "gender", "age_group", "multipack", "energy_efficiency_class",
    *OPTIONS,
)  # fmt: skip
_MEASURE = re.compile(r"^\d+(\.\d+)?\s?(mg|g|kg|oz|lb|ml|cl|l|floz|pt|qt|gal|ct)$")
_SAME = ("mpn", "gender", "age_group", "multipack", "energy_efficiency_class", "condition")
_ADULT_AGE = 18


def google_attributes(product: Product, address: str) -> dict[str, str]:
    """By name, those that are known. ``address`` goes before links within this shop."""
    found = {
        "id": product.id,
        "title": product.title,
        "description": product.description or "",
        "link": _absolute(product.url, address),
        "image_link": _absolute(product.image_url, address),
        "availability": _availability(product),
        "brand": product.brand or "",
        "gtin": product.gtin or "",
        "product_type": " > ".join(product.category),
        "item_group_id": product.group_id or "",
        "adult": "yes" if (product.age_limit or 0) >= _ADULT_AGE else "",
    }
    found |= _prices(product)
    found |= {name: product.attributes.get(name, "") for name in _SAME}
    source = product.options if product.group_id else product.attributes
    found |= {name: source.get(name, "") for name in OPTIONS}
    if product.size:
        simple = _MEASURE.match(product.size)
        if simple:
            found["unit_pricing_measure"] = product.size
        elif not found["size"]:
            found["size"] = product.size
    return {name: text for name, text in found.items() if text}


def _availability(product: Product) -> str:
    if product.in_stock:
        return "in_stock"
    later = product.attributes.get("availability")
    return later if later in {"preorder", "backorder"} else "out_of_stock"


def _prices(product: Product) -> dict[str, str]:
    now = f"{product.price} {product.price.currency}"
    try:
        regular = Decimal(product.attributes["regular_price"])
    except (KeyError, InvalidOperation):
        return {"price": now}
    if not regular.is_finite() or regular <= product.price.amount:
        return {"price": now}
    before = Money(regular, product.price.currency)
    return {"price": f"{before} {before.currency}", "sale_price": now}


def _absolute(link: str | None, address: str) -> str:
    if not link or link.startswith("data:"):
        return ""
    return f"{address}{link}" if link.startswith("/") else link
