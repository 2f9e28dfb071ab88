"""What goes with a product or a cart: bought together, or popular on shelves bought together."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from knowledge.catalog.models import Product
from knowledge.recommend.asking import Asked, Suggestion, Suggestions, allowed
from knowledge.recommend.learned_pairs import Learned
from knowledge.recommend.product_kind import kind_of, likeness
from knowledge.recommend.wishes import named_diets
from knowledge.scoring.diets import check_diet
from knowledge.search.product_search import ProductSearch, SearchRequest

UNKNOWN_NOTE = (
    "It is not known yet what is bought together here, so these are popular products of "
    "related shelves."
)
_SHELF_WEIGHT = 0.3
_SHELVES = 6
_PER_SHELF = 2
_PRIOR = 5
_UNSURE = 0.2
_MOST_SURE = 0.95


@dataclass(frozen=True, slots=True)
class _Found:
    product: Product
    score: float
    reason: str
    confidence: float


def goes_with(asked: Asked, learned: Learned, search: ProductSearch) -> Suggestions:
    """For the product asked about, else for all of the cart."""
    anchors = [asked.product] if asked.product else list(asked.cart)
    if not anchors:
        return Suggestions((), "The cart is empty, so there is nothing yet to go with.")
    found = _best(
        [*_by_product(asked, anchors, learned), *_by_shelf(asked, anchors, learned, search)]
    )
    chosen = _chosen(asked, anchors, found)
    if chosen:
        return Suggestions(tuple(chosen))
    related = _related(asked, anchors, search)
    chosen = _chosen(asked, anchors, related)
    return Suggestions(tuple(chosen), UNKNOWN_NOTE if chosen else "Nothing fitting is in stock.")


def _by_product(asked: Asked, anchors: list[Product], learned: Learned) -> Iterator[_Found]:
    near = [(anchor, one) for anchor in anchors for one in learned.products.of(anchor.id)]
    products = asked.catalog.get_many({one.item for _, one in near})
    for anchor, one in near:
        product = products.get(one.item)
        if product is not None:
            words = f"bought with {anchor.title} in {one.together} of {one.alone} baskets"
            sure = min(_MOST_SURE, one.together / (one.alone + _PRIOR) + 0.2)
            yield _Found(product, one.score, words, sure)


def _by_shelf(
    asked: Asked, anchors: list[Product], learned: Learned, search: ProductSearch
) -> Iterator[_Found]:
    for anchor in anchors:
        for one in learned.shelves.of(anchor.category)[:_SHELVES]:
            words = f"popular in {one.item[-1]}, often bought with {anchor.category[-1]}"
            sure = min(_MOST_SURE, one.together / (one.alone + _PRIOR)) / 2 + 0.1
            for product in _popular(asked, search, " > ".join(one.item)):
                yield _Found(product, one.score * _SHELF_WEIGHT, words, sure)


def _related(asked: Asked, anchors: list[Product], search: ProductSearch) -> list[_Found]:
    """Without any basket: what is popular on sister shelves, else in the whole shop."""
    own = {anchor.category for anchor in anchors}
    parents = {path[:-1] for path in own if len(path) > 1}
    sisters = [
        one.path
        for one in asked.catalog.categories()
        if one.path[:-1] in parents and one.path not in own
    ]
    found = []
    for path in sisters[: _SHELVES * 2]:
        words = f"popular in {path[-1]}, next to {anchors[0].category[-1]}"
        found += [
            _Found(product, 1.0 / (place + 1), words, _UNSURE)
            for place, product in enumerate(_popular(asked, search, " > ".join(path)))
        ]
    if not found:
        found = [
            _Found(product, 1.0 / (place + 1), "popular in this shop", _UNSURE / 2)
            for place, product in enumerate(_popular(asked, search, None, 10 * asked.limit))
        ]
    return found


def _popular(
    asked: Asked, search: ProductSearch, category: str | None, limit: int = 8
) -> list[Product]:
    limits = replace(asked.wishes.limits(asked.taken), category=category)
    hits = search.find(SearchRequest(filter=limits, limit=limit)).hits
    return list(asked.catalog.get_many(hit.product_id for hit in hits).values())


def _best(found: Iterable[_Found]) -> list[_Found]:
    """One entry a product: scores add up, the strongest reason is told."""
    by_id: dict[str, _Found] = {}
    for one in found:
        before = by_id.get(one.product.id)
        if before is None:
            by_id[one.product.id] = one
            continue
        strongest = max(before, one, key=lambda each: each.confidence)
        by_id[one.product.id] = replace(strongest, score=before.score + one.score)
    return list(by_id.values())


def _chosen(asked: Asked, anchors: list[Product], found: list[_Found]) -> list[Suggestion]:
    """Without substitutes of what is there, and no more than two of one shelf."""
    kinds = [kind_of(anchor) for anchor in anchors]
    shelves = {anchor.category for anchor in anchors}
    diets = {diet for anchor in anchors[:1] for diet in named_diets(anchor) if asked.product}
    taken: Counter[tuple[str, ...]] = Counter()
    chosen: list[Suggestion] = []
    for one in sorted(found, key=lambda each: (-each.score, each.product.id)):
        product = one.product
        if taken[product.category] >= _PER_SHELF or not allowed(asked, product):
            continue
        if product.category in shelves or any(likeness(kind, kind_of(product)) for kind in kinds):
            continue
        if any(check_diet(product, diet).verdict == "no" for diet in diets):
            continue
        taken[product.category] += 1
        chosen.append(Suggestion(product, one.reason, round(one.confidence, 2)))
        if len(chosen) == asked.limit:
            break
    return chosen
