"""Things a newcomer could say first, made from what the shop sells."""

from collections.abc import Sequence
from decimal import ROUND_UP, Decimal
from statistics import median

from knowledge.catalog.models import Product
from knowledge.money import Money
from knowledge.search.filters import ProductFilter
from knowledge.search.requests import SearchRequest
from knowledge.shop import Shop
from knowledge.work import Work

_SAMPLE = 40
_SOME = 1 / 3
_NEARLY_ALL = 0.9
_DIETS = ("vegan", "gluten_free", "organic")


def examples_for(shop: Shop) -> list[str]:
    """A budget, two searches that find something, and a question about the shop."""
    with shop.read() as work:
        shelves = _fullest(work)
        found = [_search(shop, work, shelf) for shelf in shelves[:2]]
    budget = Money(Decimal(40), shop.profile.currency).display().removesuffix(".00")
    return [
        f"I have {budget} for this week",
        *[text for text in found if text],
        "What is popular right now?",
        "How do returns work?",
    ][:4]


def _fullest(work: Work) -> list[tuple[str, ...]]:
    """Narrow categories with most to choose from, each of another department."""
    chosen: dict[str, tuple[str, ...]] = {}
    for found in sorted(work.catalog.categories(), key=lambda one: (-one.products, one.path)):
        chosen.setdefault(found.path[0], found.path)
    return list(chosen.values())


def _search(shop: Shop, work: Work, path: tuple[str, ...]) -> str | None:
    wanted = ProductFilter(category=" > ".join(path), in_stock_only=True)
    hits = shop.search.find(SearchRequest(query="", filter=wanted, limit=_SAMPLE)).hits
    products = list(work.catalog.get_many([hit.product_id for hit in hits]).values())
    if not products:
        return None
    name = path[-1].lower().replace(" & ", " and ")
    diet = _shared_diet(products)
    limit = _round_limit([product.price.amount for product in products])
    price = Money(limit, shop.profile.currency).display().removesuffix(".00")
    return f"Show me {diet.replace('_', ' ')} {name} under {price}".replace("  ", " ")


def _shared_diet(products: Sequence[Product]) -> str:
    for diet in _DIETS:
        share = sum(diet in product.diets for product in products) / len(products)
        if _SOME <= share < _NEARLY_ALL:  # nobody asks for vegan fruit
            return diet
    return ""


def _round_limit(prices: Sequence[Decimal]) -> Decimal:
    """Somewhat above the middle price, rounded up to one figure: 3, 20, 700."""
    limit = median(prices) * Decimal("1.2")
    step = Decimal(1).scaleb(max(limit.adjusted(), 0))
    return (limit / step).quantize(Decimal(1), rounding=ROUND_UP) * step
