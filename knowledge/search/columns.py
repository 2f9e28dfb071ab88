"""What filters and sorts look at: one NumPy column per fact, one row per product."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.models import ALLERGENS, DIETS, Product
from knowledge.catalog.units import net_content
from knowledge.scoring.allergens import safe_from
from knowledge.scoring.carbon import kg_per_kg
from knowledge.scoring.diets import suited_diets, unopposed_diets
from knowledge.scoring.food_kind import is_food
from knowledge.scoring.nutri_score import NutriScore, nutri_score
from knowledge.search.text import fold

EXACT = 10_000  # prices are compared as whole ten-thousandths, as the database keeps them
DIET_BITS = {diet: np.uint32(1 << bit) for bit, diet in enumerate(DIETS)}
ALLERGEN_BITS = {name: np.uint32(1 << bit) for bit, name in enumerate(ALLERGENS)}
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """The facts of one product in the form of the columns; NaN is unknown."""

    price: int
    stock: float
    rating: float
    popularity: float
    unit_price: float
    nutri_score: float
    carbon: float
    diets: int
    unopposed: int
    safe_from: int
    brand: str
    category: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Immutable, one entry per row. A set bit means a proven yes; unknown is not set.

    ``diets`` are those a product suits, ``unopposed`` also those of what nobody eats.
    """

    ids: NDArray[np.object_]
    price: NDArray[np.int64]
    stock: Doubles
    rating: NDArray[np.float32]
    popularity: NDArray[np.float32]
    unit_price: Doubles
    nutri_score: NDArray[np.float32]
    carbon: NDArray[np.float32]
    diets: NDArray[np.uint32]
    unopposed: NDArray[np.uint32]
    safe_from: NDArray[np.uint32]
    brand: NDArray[np.int32]
    category: NDArray[np.int32]
    brands: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]

    def with_stock(self, levels: dict[int, float]) -> "Columns":
        """A copy with other stock levels by row; everything else is shared."""
        stock = self.stock.copy()
        for row, level in levels.items():
            stock[row] = level
        return replace(self, stock=stock)


def facts_of(product: Product) -> ProductFacts:
    score = nutri_score(product)
    footprint = kg_per_kg(product)
    diets = suited_diets(product)
    return ProductFacts(
        price=exact_price(product.price.amount),
        stock=stock_level(product),
        rating=_number(product.rating),
        popularity=_popularity(product),
        unit_price=_unit_price(product),
        nutri_score=float("nan") if score is None else _health(score),
        carbon=float("nan") if footprint is None else footprint,
        diets=_diet_bits(diets),
        unopposed=_diet_bits(diets if is_food(product) else unopposed_diets(product)),
        safe_from=_allergen_bits(safe_from(product)),
        brand=fold(product.brand or ""),
        category=product.category,
    )


def columns_of(ids: Sequence[str], facts: Sequence[ProductFacts]) -> Columns:
    brands: dict[str, int] = {}
    categories: dict[tuple[str, ...], int] = {}
    brand = [brands.setdefault(one.brand, len(brands)) for one in facts]
    category = [categories.setdefault(one.category, len(categories)) for one in facts]
    return Columns(
        ids=np.array(ids, dtype=object),
        price=np.array([one.price for one in facts], dtype=np.int64),
        stock=np.array([one.stock for one in facts], dtype=np.float64),
        rating=np.array([one.rating for one in facts], dtype=np.float32),
        popularity=np.array([one.popularity for one in facts], dtype=np.float32),
        unit_price=np.array([one.unit_price for one in facts], dtype=np.float64),
        nutri_score=np.array([one.nutri_score for one in facts], dtype=np.float32),
        carbon=np.array([one.carbon for one in facts], dtype=np.float32),
        diets=np.array([one.diets for one in facts], dtype=np.uint32),
        unopposed=np.array([one.unopposed for one in facts], dtype=np.uint32),
        safe_from=np.array([one.safe_from for one in facts], dtype=np.uint32),
        brand=np.array(brand, dtype=np.int32),
        category=np.array(category, dtype=np.int32),
        brands=tuple(brands),
        categories=tuple(categories),
    )


def exact_price(amount: Decimal) -> int:
    return int((amount * EXACT).to_integral_value())


def stock_level(product: Product) -> float:
    """NaN when stock is not tracked."""
    return _number(product.stock)


def _number(value: Decimal | None) -> float:
    return float("nan") if value is None else float(value)


def _health(score: NutriScore) -> float:
    """Lower is better. Drinks have other limits than food, so the grade counts before points."""
    return "ABCDE".index(score.grade) * 100.0 + score.points


def _unit_price(product: Product) -> float:
    content = net_content(product)
    return float("nan") if content is None else float(product.price.amount / content.amount)


def _popularity(product: Product) -> float:
    """A rating pulled to 3.5 when few gave one, times how many did."""
    if product.rating is None:
        return 0.0
    count = product.ratings_count or 0
    shrunk = (float(product.rating) * count + 3.5 * 20) / (count + 20)
    return shrunk / 5 * math.log1p(count) / 10


@lru_cache(maxsize=4096)
def _diet_bits(names: tuple[str, ...]) -> int:
    return sum(1 << DIETS.index(name) for name in names)


@lru_cache(maxsize=4096)
def _allergen_bits(names: tuple[str, ...]) -> int:
    return sum(1 << ALLERGENS.index(name) for name in names)
