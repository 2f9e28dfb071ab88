"""Suggestions that rank by one known quality: popular, affordable, healthy, sustainable."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from knowledge.catalog.models import Product
from knowledge.recommend.asking import Asked, Suggestion, Suggestions, allowed
from knowledge.scoring.eco_grade import eco_grade
from knowledge.scoring.nutri_score import NutriScore, grade_index, nutri_score
from knowledge.search.product_search import ProductSearch, SearchRequest

_WIDE = 300
_PER_SHELF = 2
_PRIOR_RATING = 3.5
_PRIOR_COUNT = 20
_GOOD = ("A", "B")


def popular(asked: Asked, search: ProductSearch) -> Suggestions:
    """What others rate well, on the shelf of the product asked about or anywhere."""
    shelf = " > ".join(asked.product.category) if asked.product else None
    found = [
        Suggestion(product, rating_words(product), rated(product))
        for product in _candidates(asked, search, category=shelf or None)
    ]
    return Suggestions(_spread(asked, found, per_shelf=asked.limit if shelf else _PER_SHELF))


def within_budget(asked: Asked, search: ProductSearch) -> Suggestions:
    left = asked.left
    if left is not None and left.amount <= 0:
        return Suggestions((), "Nothing is left of the budget.")
    limit = left.amount if left else None
    found = []
    for product in _candidates(asked, search, max_price=limit):
        words = f"{product.price.display()} of the {left.display()} left" if left else "a low price"
        found.append(Suggestion(product, f"{words}; {rating_words(product)}", rated(product)))
    if left is None:
        found.sort(key=lambda one: one.product.price.amount)
        return Suggestions(_spread(asked, found), "No budget is set, so these are simply cheap.")
    return Suggestions(_spread(asked, found))


def healthy(asked: Asked, search: ProductSearch) -> Suggestions:
    scored = ((product, nutri_score(product)) for product in _candidates(asked, search))
    good = [(product, score) for product, score in scored if score and score.grade in _GOOD]
    good.sort(key=lambda pair: grade_index(pair[1].grade))
    found = [
        Suggestion(product, f"Nutri-Score {score.grade}{_merits(score)}", _sure(score))
        for product, score in good
    ]
    return Suggestions(_spread(asked, found), _nothing(found, "a known Nutri-Score of A or B"))


def sustainable(asked: Asked, search: ProductSearch) -> Suggestions:
    graded = ((product, eco_grade(product)) for product in _candidates(asked, search))
    good = [(product, grade) for product, grade in graded if grade.grade in _GOOD]
    good.sort(key=lambda pair: -(pair[1].unbounded or 0))
    found = []
    for product, grade in good:
        merits = [part.name for part in grade.parts if part.points > 0]
        figure = f"{grade.carbon.kg_per_kg:f} kg CO2e per kg"
        words = f"eco grade {grade.grade}: {', '.join([figure, *merits])}"
        found.append(Suggestion(product, words, 0.9 if grade.carbon.quality == "measured" else 0.7))
    return Suggestions(_spread(asked, found), _nothing(found, "a known eco grade of A or B"))


def rating_words(product: Product) -> str:
    if product.rating is None:
        return "not rated yet"
    return f"rated {product.rating.normalize():f} by {product.ratings_count or 0} shoppers"


def _candidates(asked: Asked, search: ProductSearch, **limits: object) -> Iterable[Product]:
    """Popular ones first; exactly what the limits and the shopper allow."""
    narrowed = replace(asked.wishes.limits(asked.taken), **limits)  # type: ignore[arg-type]
    hits = search.find(SearchRequest(filter=narrowed, limit=_WIDE)).hits
    products = asked.catalog.get_many(hit.product_id for hit in hits)
    liked: Callable[[Product], bool] = asked.wishes.likes
    ordered = sorted(products.values(), key=lambda product: not liked(product))
    return [product for product in ordered if allowed(asked, product)]


def _spread(
    asked: Asked, found: Iterable[Suggestion], *, per_shelf: int = _PER_SHELF
) -> tuple[Suggestion, ...]:
    """In order, but not five of one shelf."""
    shelves: Counter[tuple[str, ...]] = Counter()
    chosen: list[Suggestion] = []
    for one in found:
        if len(chosen) < asked.limit and shelves[one.product.category] < per_shelf:
            shelves[one.product.category] += 1
            chosen.append(one)
    return tuple(chosen)


def rated(product: Product) -> float:
    """A rating pulled to 3.5 when few gave one, as a share of 5."""
    count = product.ratings_count or 0
    rating = float(product.rating) if product.rating is not None else _PRIOR_RATING
    pulled = (rating * count + _PRIOR_RATING * _PRIOR_COUNT) / (count + _PRIOR_COUNT)
    return round(min(1.0, pulled / 5), 2)


def _merits(score: NutriScore) -> str:
    best = sorted((part for part in score.parts if part.points < 0), key=lambda part: part.points)
    words = [f"{part.value} {part.name}" for part in best[:2]]
    return f": {', '.join(words)}" if words else ""


def _sure(score: NutriScore) -> float:
    return 0.7 if score.assumed else 0.9


def _nothing(found: list[Suggestion], wanted: str) -> str | None:
    return None if found else f"Nothing in stock that suits you has {wanted}."
