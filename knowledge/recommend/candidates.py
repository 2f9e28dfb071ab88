"""Finds what might take a product's place: its shelf, and other kinds of the same use."""

from dataclasses import replace
from decimal import Decimal

from knowledge.catalog.models import Product
from knowledge.catalog.repository import CatalogRepository
from knowledge.recommend.product_kind import (
    ProductKind,
    kind_of,
    likeness,
    same_size_class,
    wider_queries,
)
from knowledge.recommend.wishes import Wishes
from knowledge.search.product_search import ProductSearch, SearchRequest

_SHELF = 200
_WIDER = 30
_LIKE_ENOUGH = 0.3


def shelf_limit(product: Product) -> str | None:
    return " > ".join(product.category) or None


def find_candidates(
    product: Product,
    *,
    search: ProductSearch,
    catalog: CatalogRepository,
    wishes: Wishes,
    taken: frozenset[str] = frozenset(),
) -> list[tuple[Product, float]]:
    """Products in stock that suit the shopper and could replace this one, with their likeness."""
    limits = wishes.limits(taken | {product.id})
    kind = kind_of(product)
    ids: dict[str, None] = {}
    shelf = shelf_limit(product)
    if shelf is not None:
        request = SearchRequest(filter=replace(limits, category=shelf), limit=_SHELF)
        ids.update(dict.fromkeys(hit.product_id for hit in search.find(request).hits))
    queries = wider_queries(kind)
    if shelf is None:
        queries = (*queries, product.title)
    for query in queries:
        found = search.find(SearchRequest(query=query, filter=limits, limit=_WIDER))
        ids.update(dict.fromkeys(hit.product_id for hit in found.hits))
    rated = []
    for other in catalog.get_many(ids).values():
        alike = _alike(product, kind, other)
        if alike >= _LIKE_ENOUGH and other.in_stock and wishes.allows(other):
            rated.append((other, alike))
    return rated


def _alike(product: Product, kind: ProductKind, other: Product) -> float:
    if other.age_limit != product.age_limit or not same_size_class(product, other):
        return 0.0
    return likeness(kind, kind_of(other))


def enough_stock(product: Product, quantity: Decimal) -> bool:
    return product.stock is None or product.stock >= quantity
