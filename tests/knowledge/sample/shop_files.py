"""Reads the shops that come as data files: products, baskets and sizes."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "knowledge" / "sample"
SHOPS = {
    "groceries": SAMPLE / "products.jsonl",
    "hardware": ROOT / "tests" / "data" / "hardware.jsonl",
    "cafe": ROOT / "tests" / "data" / "cafe.jsonl",
}
SIZE = re.compile(
    r"(?:(?P<count>[1-9]\d*) x )?(?P<amount>\d+(?:\.\d+)?) "
    r"(?P<unit>g|kg|ml|l|m|m2|pieces?|rolls|pair)"
)

Allergen = Literal[
    "gluten",
    "crustaceans",
    "eggs",
    "fish",
    "peanuts",
    "soy",
    "milk",
    "nuts",
    "celery",
    "mustard",
    "sesame",
    "sulphites",
    "lupin",
    "molluscs",
]
Diet = Literal[
    "vegan",
    "vegetarian",
    "gluten_free",
    "lactose_free",
    "nut_free",
    "halal",
    "kosher",
    "organic",
    "low_sugar",
    "low_sodium",
    "keto",
    "fair_trade",
]


class Closed(BaseModel):
    """A record in which an unknown field is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nutrition(Closed):
    """What 100 g or 100 ml contain."""

    energy_kcal: Decimal
    fat: Decimal
    saturated_fat: Decimal
    carbohydrates: Decimal
    sugars: Decimal
    fiber: Decimal
    protein: Decimal
    salt: Decimal
    fruit_vegetable_percent: Decimal


class Product(Closed):
    """One line of a native product file."""

    id: str
    gtin: str | None = None
    group_id: str | None = None
    options: dict[str, str] | None = None
    title: str
    brand: str | None = None
    category: str
    description: str
    price: str
    currency: Literal["USD"]
    size: str | None = None
    sell_by: Literal["each", "weight", "volume"]
    unit: str | None = None
    step: Decimal | None = None
    min_quantity: Decimal | None = None
    max_quantity: int | None = None
    stock: int | None
    rating: Decimal | None = None
    ratings_count: int | None = None
    image_url: str | None = None
    ingredients: str | None = None
    allergens: list[Allergen] | None = None
    traces: list[Allergen] | None = None
    diets: list[Diet] = []
    nutrition: Nutrition | None = None
    nutrition_class: (
        Literal["general", "beverage", "cheese", "red_meat", "fat_oil_nut", "water"] | None
    ) = None
    labels: list[str] = []
    origin: str | None = None
    packaging: list[str] | None = None
    carbon_kg_per_kg: Decimal | None = None
    age_limit: int | None = None
    season: str | None = None
    attributes: dict[str, str | int | float | bool] = {}

    @property
    def department(self) -> str:
        """The first step of the category path."""
        return self.category.split(" > ", maxsplit=1)[0]

    @property
    def is_food(self) -> bool:
        """Whether the catalog treats the product as something to eat or drink."""
        return self.nutrition_class is not None

    @property
    def alcohol_grams(self) -> Decimal:
        """Alcohol in 100 ml, from the percentage by volume and the density of ethanol."""
        return Decimal(str(self.attributes.get("alcohol_percent", 0))) * Decimal("0.789")


class Basket(Closed):
    """What somebody bought together."""

    basket: list[str]
    shopper: str | None = None
    at: str | None = None


class Kind:
    """Products whose title holds one of some words, within a category."""

    def __init__(self, *words: str, category: str = "") -> None:
        self._words = words
        self._category = category

    def __str__(self) -> str:
        return " or ".join(self._words) or self._category

    def holds(self, product: Product) -> bool:
        """Whether the product is of this kind."""
        title = product.title.casefold()
        return product.category.startswith(self._category) and (
            not self._words or any(word in title for word in self._words)
        )


def read_products(path: Path) -> list[Product]:
    """Read every product of a native file."""
    return [Product.model_validate_json(line) for line in path.read_text().splitlines()]


def read_baskets(path: Path) -> list[Basket]:
    """Read every basket of a training file."""
    return [Basket.model_validate_json(line) for line in path.read_text().splitlines()]


def amount_in(size: str) -> Decimal | None:
    """How much a size such as ``6 x 330 ml`` holds in its unit, or None if unreadable."""
    found = SIZE.fullmatch(size)
    return Decimal(found["amount"]) * int(found["count"] or 1) if found else None
