"""What a product is: facts as the shop knows them, with unknown kept apart from none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from knowledge.money import Money

SellBy = Literal["each", "weight", "volume"]
NutritionClass = Literal["general", "beverage", "cheese", "red_meat", "fat_oil_nut", "water"]

ALLERGENS = (
    "gluten", "crustaceans", "eggs", "fish", "peanuts", "soy", "milk", "nuts", "celery",
    "mustard", "sesame", "sulphites", "lupin", "molluscs",
)  # fmt: skip
"""The 14 of Annex II to Regulation (EU) No 1169/2011, by the names of our formats."""

DIETS = (
    "vegan", "vegetarian", "gluten_free", "lactose_free", "nut_free", "halal", "kosher",
    "organic", "low_sugar", "low_sodium", "keto", "fair_trade",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nutrition:
    """Per 100 g or 100 ml. Energy in kcal, the rest in grams; None is unknown."""

    energy_kcal: Decimal | None = None
    fat: Decimal | None = None
    saturated_fat: Decimal | None = None
    carbohydrates: Decimal | None = None
    sugars: Decimal | None = None
    fiber: Decimal | None = None
    protein: Decimal | None = None
    salt: Decimal | None = None
    fruit_vegetable_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """Price of one ``unit``: kg, l, or piece."""

    price: Money
    unit: Literal["kg", "l", "piece"]


@dataclass(frozen=True, slots=True)
class Product:
    """One thing that can be put in a cart.

    ``allergens``, ``traces``: None is unknown, empty is declared none. ``stock`` None is not
    tracked. For ``sell_by`` weight or volume the price is per ``unit`` and quantities are
    multiples of ``step``. ``category`` is the path from the department down. ``enriched`` maps
    each fact that is not the owner's to its source.
    """

    id: str
    title: str
    price: Money
    gtin: str | None = None
    group_id: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    brand: str | None = None
    category: tuple[str, ...] = ()
    description: str | None = None
    size: str | None = None
    sell_by: SellBy = "each"
    unit: str | None = None
    step: Decimal = Decimal(1)
    min_quantity: Decimal | None = None
    max_quantity: Decimal | None = None
    stock: Decimal | None = None
    rating: Decimal | None = None
    ratings_count: int | None = None
    image_url: str | None = None
    url: str | None = None
    ingredients: str | None = None
    allergens: tuple[str, ...] | None = None
    traces: tuple[str, ...] | None = None
    diets: tuple[str, ...] = ()
    nutrition: Nutrition | None = None
    nutrition_class: NutritionClass | None = None
    labels: tuple[str, ...] = ()
    origin: str | None = None
    packaging: tuple[str, ...] = ()
    carbon_kg_per_kg: Decimal | None = None
    age_limit: int | None = None
    season: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    updated_at: datetime | None = None
    listed: bool = True
    enriched: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_stock(self) -> bool:
        return self.stock is None or self.stock > 0
