"""Suggestions of what is on promotion: the largest share saved first, from several promotions."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from knowledge.catalog.models import Product
from knowledge.pricing.deals import Deal, best_deal
from knowledge.pricing.promotions import Promotion
from knowledge.recommend.asking import Asked, Suggestion, Suggestions, allowed
from knowledge.recommend.rankings import rated
from knowledge.search.product_search import ProductSearch, SearchRequest

_WIDE = 300
_NOTHING = "Nothing that suits you is on offer right now."


def on_offer(asked: Asked, search: ProductSearch) -> Suggestions:
    """Only what everybody gets; what a coupon gives is not told here."""
    products = {
        product.id: product
        for promotion in asked.offers
        for product in _concerned(asked, promotion, search)
        if allowed(asked, product)
    }
    deals = ((product, best_deal(product, asked.offers)) for product in products.values())
    found = [(product, deal) for product, deal in deals if deal is not None]
    found.sort(key=lambda pair: (-pair[1].share, -rated(pair[0]), pair[0].id))
    items = tuple(
        Suggestion(product, _reason(asked, product, deal), rated(product))
        for product, deal in _varied(found, asked.limit)
    )
    return Suggestions(items, None if items else _NOTHING)


def _concerned(asked: Asked, promotion: Promotion, search: ProductSearch) -> Iterable[Product]:
    """Possibly more than it concerns: the rule itself decides."""
    rule = promotion.rule
    limits = asked.wishes.limits(asked.taken)
    if rule.products is not None:
        limits = replace(limits, ids=frozenset(rule.products))
    if rule.brand is not None:
        limits = replace(limits, brands=(rule.brand,))
    if rule.category is not None:
        limits = replace(limits, category=rule.category)
    hits = search.find(SearchRequest(filter=limits, limit=_WIDE)).hits
    return asked.catalog.get_many(hit.product_id for hit in hits).values()


def _varied(found: list[tuple[Product, Deal]], limit: int) -> Iterator[tuple[Product, Deal]]:
    """One of each promotion and department first, then more of a department, then of each."""
    chosen: set[str] = set()
    promotions: Counter[str] = Counter()
    departments: Counter[str] = Counter()
    for most, widest in ((most, most + more) for most in range(1, limit + 1) for more in (0, 1)):
        for product, deal in found:
            department = product.category[0] if product.category else ""
            full = promotions[deal.promotion.id] >= most or departments[department] >= widest
            if len(chosen) < limit and product.id not in chosen and not full:
                chosen.add(product.id)
                promotions[deal.promotion.id] += 1
                departments[department] += 1
    return (pair for pair in found if pair[0].id in chosen)


def _reason(asked: Asked, product: Product, deal: Deal) -> str:
    """As in "2 for $5.00, saves $1.48, until Sunday"."""
    saves = f"saves {deal.saved.rounded().display()}"
    if product.sell_by != "each":
        saves += f" per {product.unit}"
    elif deal.pieces == 1:
        saves += " each"
    until = asked.until.get(deal.promotion.id)
    return ", ".join([deal.text, saves, *([until] if until else [])])
