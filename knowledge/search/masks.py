"""Exact boolean masks: which rows of a snapshot keep all limits."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.search.columns import ALLERGEN_BITS, DIET_BITS, exact_price
from knowledge.search.filters import ProductFilter
from knowledge.search.segment import Segment
from knowledge.search.snapshot import Snapshot
from knowledge.search.text import CLOSED_CLASS, fold, terms

Mask = NDArray[np.bool_]


def mask_of(snapshot: Snapshot, limits: ProductFilter) -> Mask:
    """True for the rows that are for sale and keep every limit."""
    parts = [segment_mask(segment, limits) for segment in snapshot.segments]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def segment_mask(segment: Segment, limits: ProductFilter) -> Mask:
    mask = segment.alive & _figures_mask(segment, limits)
    columns = segment.columns
    for diet in limits.diets:
        mask &= (columns.diets & DIET_BITS[diet]) != 0
    for diet in limits.kept_diets:
        mask &= (columns.unopposed & DIET_BITS[diet]) != 0
    for allergen in limits.allergens:
        mask &= (columns.safe_from & ALLERGEN_BITS[allergen]) != 0
    for word in limits.excluded_words:
        mask[rows_with(segment, word)] = False
    if limits.brands:
        wanted = {fold(brand.strip()) for brand in limits.brands}
        codes = [code for code, brand in enumerate(columns.brands) if brand in wanted]
        mask &= np.isin(columns.brand, codes)
    if limits.category is not None:
        codes = [
            code
            for code, path in enumerate(columns.categories)
            if in_category(path, limits.category)
        ]
        mask &= np.isin(columns.category, codes)
    if limits.ids is not None:
        mask &= _rows(segment, limits.ids)
    if limits.not_ids:
        mask &= ~_rows(segment, limits.not_ids)
    return mask


def _figures_mask(segment: Segment, limits: ProductFilter) -> Mask:
    columns = segment.columns
    mask = np.ones(segment.size, dtype=np.bool_)
    if limits.min_price is not None:
        mask &= columns.price >= exact_price(limits.min_price)
    if limits.max_price is not None:
        mask &= columns.price <= exact_price(limits.max_price)
    if limits.min_rating is not None:
        mask &= columns.rating >= np.float32(limits.min_rating) - np.float32(1e-6)
    if limits.in_stock_only:
        mask &= np.isnan(columns.stock) | (columns.stock > 0)
    return mask


@lru_cache(maxsize=65536)
def in_category(path: tuple[str, ...], wanted: str) -> bool:
    """Whether a path lies in a category named by its path or any of its parts.

    "Dairy > Milk", "milk" and "dairy" all take in Dairy > Milk; "Plant milk" does not.
    """
    parts = [_key(part) for part in path]
    asked = [_key(part) for part in wanted.split(">") if part.strip()]
    if not asked:
        return True
    starts = range(len(parts) - len(asked) + 1)
    if any(parts[start : start + len(asked)] == asked for start in starts):
        return True
    if len(asked) > 1:
        return False
    # "chips" for the shelf "Chips & crackers": the name lists several kinds
    return any(asked[0] == _key(piece) for part in path for piece in _listed(part))


def _listed(part: str) -> list[str]:
    pieces = [piece for half in part.split("&") for piece in half.split(",")]
    pieces = [piece for half in pieces for piece in half.split(" and ")]
    return pieces if len(pieces) > 1 else []


def _key(text: str) -> tuple[str, ...]:
    return tuple(term for term in terms(text) if term not in CLOSED_CLASS)


def _rows(segment: Segment, product_ids: frozenset[str]) -> Mask:
    mask = np.zeros(segment.size, dtype=np.bool_)
    mask[[segment.row_of[one] for one in product_ids if one in segment.row_of]] = True
    return mask


def rows_with(segment: Segment, phrase: str) -> NDArray[np.int32]:
    """Rows whose text or ingredients hold all words of the phrase."""
    found: NDArray[np.int32] | None = None
    for term in terms(phrase):
        rows = np.union1d(segment.lexical.rows_with(term), segment.ingredients.rows_with(term))
        found = rows if found is None else np.intersect1d(found, rows)
    return np.empty(0, dtype=np.int32) if found is None else found
