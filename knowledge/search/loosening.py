"""Says which limit stands in the way when nothing fits."""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from knowledge.money import Money
from knowledge.search.columns import EXACT
from knowledge.search.filters import ProductFilter
from knowledge.search.masks import in_category, mask_of
from knowledge.search.snapshot import Snapshot

Mask = NDArray[np.bool_]
_NAMES = {
    "category": "category",
    "brands": "brand",
    "min_price": "lower price limit",
    "max_price": "price limit",
    "diets": "diet",
    "kept_diets": "saved diet",
    "exclude": "excluded ingredients",
    "min_rating": "rating",
    "in_stock_only": "stock",
}
_SHOWN = 3


def what_to_loosen(snapshot: Snapshot, relevant: Mask, limits: ProductFilter) -> str | None:
    """Say for instance "14 fit without the price limit; the cheapest is 3.49 USD" or the like.

    None when the words themselves find nothing. Diets and excluded ingredients are counted like
    the rest: saying how many they rule out is not the same as dropping them.
    """
    names = [name for name in limits.limits() if name in _NAMES]
    if not names or not bool((relevant & snapshot.alive()).any()):
        return None
    said: list[tuple[int, str]] = []
    for name in names:
        rows = np.flatnonzero(relevant & mask_of(snapshot, limits.without(name)))
        if rows.size:
            said.append((rows.size, _sentence(snapshot, name, rows)))
    if said:
        said.sort(key=lambda one: -one[0])
        return " ".join(sentence for _, sentence in said[:_SHOWN])
    unknown = _unknown_category(snapshot, limits)
    free = ProductFilter(ids=limits.ids, not_ids=limits.not_ids)
    count = int((relevant & mask_of(snapshot, free)).sum())
    together = " and ".join(_NAMES[name] for name in names)
    if not count:
        return None
    return f"{unknown}{_count(count)} without the limits on {together} taken together."


def _sentence(snapshot: Snapshot, name: str, rows: NDArray[np.int64]) -> str:
    currency = snapshot.currency
    prices = snapshot.column("price")[rows]
    start = f"{_count(rows.size)} without the {_NAMES[name]}"
    if name == "max_price":
        return f"{start}; the cheapest is {_money(int(prices.min()), currency)}."
    if name == "min_price":
        return f"{start}; the dearest is {_money(int(prices.max()), currency)}."
    if name == "min_rating":
        ratings = snapshot.column("rating")[rows]
        if np.isnan(ratings).all():
            return f"{start}; none of them is rated."
        return f"{start}; the best has {np.nanmax(ratings):.1f}."
    return f"{start}."


def _unknown_category(snapshot: Snapshot, limits: ProductFilter) -> str:
    wanted = limits.category
    paths = {path for segment in snapshot.segments for path in segment.columns.categories}
    if wanted is None or any(in_category(path, wanted) for path in paths):
        return ""
    return f"There is no category {wanted!r}. "


def _count(number: int) -> str:
    return "1 fits" if number == 1 else f"{number} fit"


def _money(price: int, currency: str) -> str:
    return f"{Money(Decimal(price) / EXACT, currency)} {currency}".strip()
