"""Shelves with what a few dishes need, with near misses: pasta sauce, cat food, traces of nuts."""

from decimal import Decimal
from pathlib import Path

from knowledge.catalog.models import Product
from knowledge.shop import Shop
from tests.market import goods, stock_shelves

RECIPES = Path(__file__).parent / "data" / "recipes.yaml"
NONE: tuple[str, ...] = ()
_MEAT, _PANTRY, _SNACKS = ("Meat",), ("Pantry", "Canned"), ("Snacks",)


def food(product_id: str, price: str, title: str, size: str | None, **facts: object) -> Product:
    facts.setdefault("allergens", NONE)
    facts.setdefault("traces", NONE)
    return goods(product_id, price, title=title, size=size, stock=50, **facts)


KITCHEN = (
    food("beef", "6.00", "Beef Mince 500 g", "500 g", category=_MEAT),
    food("lean-beef", "9.00", "Lean Beef Mince 500 g", "500 g", category=_MEAT),
    food("soy-mince", "4.00", "Soy Mince 350 g", "350 g", category=("Plant-based",),
         diets=("vegan",), allergens=("soy",)),
    food("onions", "1.50", "Yellow Onions 1 kg", "1 kg", category=("Vegetables",),
         ingredients="Onions", diets=("vegan",)),
    food("beans", "1.00", "Kidney Beans 400 g", "400 g", category=_PANTRY, diets=("vegan",)),
    food("salt", "1.20", "Sea Salt 500 g", "500 g", category=("Pantry", "Spices"),
         diets=("vegan",)),
    food("sour-cream", "2.50", "Sour Cream 200 g", "200 g", category=("Dairy",),
         allergens=("milk",)),
    food("spaghetti", "1.30", "Spaghetti 500 g", "500 g", category=("Pantry", "Pasta"),
         allergens=("gluten",)),
    food("sauce", "1.80", "Tomato Pasta Sauce 400 g", "400 g", category=("Pantry", "Sauces")),
    food("wine", "8.00", "Red Wine 750 ml", "750 ml", category=("Wine",), age_limit=21),
    food("chips", "2.30", "Tortilla Chips 200 g", "200 g", category=_SNACKS),
    food("peanuts", "2.50", "Roasted Peanuts 200 g", "200 g", category=_SNACKS,
         allergens=("peanuts",), traces=("nuts",)),
    food("bars", "3.00", "Muesli Bars 6 x 30 g", "6 x 30 g", category=_SNACKS, traces=("nuts",)),
    food("plain-bars", "4.00", "Muesli Bars Plain 6 x 30 g", "6 x 30 g", category=_SNACKS),
    food("eggs", "4.00", "Dozen Eggs", "12 pieces", category=("Dairy", "Eggs"),
         allergens=("eggs",)),
    food("cat-food", "0.90", "Cat Food Beef 156 g", "156 g", category=("Pet", "Cat")),
    food("gouda", "12.00", "Gouda by Weight", None, category=("Dairy", "Cheese"),
         allergens=("milk",), sell_by="weight", unit="kg", step=Decimal("0.05"),
         min_quantity=Decimal("0.1")),
)  # fmt: skip


def open_kitchen(shop: Shop) -> None:
    stock_shelves(shop, *KITCHEN)
    with shop.write() as work:
        work.recipes.load(RECIPES)
    shop.search.refresh()
