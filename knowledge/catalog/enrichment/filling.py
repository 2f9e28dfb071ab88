"""Puts another source's facts where a product has none, and marks each with its source."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from knowledge.catalog.models import Product

FACTS = (
    "ingredients", "allergens", "traces", "diets", "nutrition", "labels", "origin", "packaging",
    "carbon_kg_per_kg",
)  # fmt: skip
"""What may come from elsewhere. Names, prices, sizes and stock are the owner's alone."""
ATTRIBUTE = "attributes."
"""Before the name of a free attribute: "attributes.nova_group"."""


def fill(product: Product, facts: Mapping[str, Any], source: str) -> Product:
    """The product with the facts it lacks; the same object when it lacks none of them.

    Also for allergens only None is unknown: an owner's empty list is a declaration.
    """
    found: dict[str, Any] = {}
    attributes = dict(product.attributes)
    marks = dict(product.enriched)
    for name, value in facts.items():
        if value is None or value == ():
            continue
        if name.startswith(ATTRIBUTE):
            key = name.removeprefix(ATTRIBUTE)
            if key in attributes:
                continue
            attributes[key] = value
        elif (
            name in FACTS and getattr(product, name) in (None, ()) and not _declared(product, name)
        ):
            found[name] = value
        else:
            continue
        marks[name] = source
    if marks == product.enriched:
        return product
    return replace(product, **found, attributes=attributes, enriched=marks)


def keep(fresh: Product, old: Product) -> Product:
    """What the owner says now, with the facts of others that were kept for the same barcode."""
    if not old.enriched or fresh.gtin != old.gtin:
        return fresh
    kept = fresh
    for name, source in old.enriched.items():
        if name.startswith(ATTRIBUTE):
            value = old.attributes.get(name.removeprefix(ATTRIBUTE))
        else:
            value = getattr(old, name, None)
        kept = fill(kept, {name: value}, source)
    return kept


def without(product: Product) -> Product:
    """Only what the owner says."""
    if not product.enriched:
        return product
    unknown: dict[str, Any] = {
        name: () if name in {"diets", "labels", "packaging"} else None
        for name in product.enriched
        if name in FACTS
    }
    attributes = {
        name: value
        for name, value in product.attributes.items()
        if ATTRIBUTE + name not in product.enriched
    }
    return replace(product, **unknown, attributes=attributes, enriched={})


def _declared(product: Product, name: str) -> bool:
    """An empty list of allergens or traces is "declared none", of labels it is nothing."""
    return name in {"allergens", "traces"} and getattr(product, name) is not None
