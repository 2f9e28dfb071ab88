"""A small shop with few products whose prices and stock a test can see at a glance."""

from decimal import Decimal
from typing import Any

from knowledge.carts.models import Actor, Cart
from knowledge.carts.quantities import plain
from knowledge.catalog.models import Product
from knowledge.money import Money
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper


def goods(product_id: str, price: str = "1.00", **facts: Any) -> Product:
    facts.setdefault("title", product_id.capitalize())
    facts.setdefault("category", ("Pantry",))
    if isinstance(facts.get("stock"), int):
        facts["stock"] = Decimal(facts["stock"])
    return Product(id=product_id, price=Money(Decimal(price), "USD"), **facts)


SHELVES = (
    goods("oats", "2.50", stock=40, title="Rolled Oats 500 g", size="500 g", allergens=("gluten",)),
    goods("milk", "1.20", stock=10, title="Whole Milk 1 l", size="1 l", allergens=("milk",)),
    goods("tea", "3.00", title="Green Tea 20 bags", allergens=()),
    goods("honey", "5.00", stock=1, title="Wildflower Honey 350 g", size="350 g"),
    goods("plums", "4.00", stock=0, title="Plums 500 g"),
    goods("wine", "9.00", stock=20, age_limit=21, max_quantity=Decimal(6), title="Red Blend"),
    goods(
        "apples",
        "3.00",
        stock=50,
        title="Apples by Weight",
        sell_by="weight",
        unit="kg",
        step=Decimal("0.1"),
        min_quantity=Decimal("0.2"),
    ),
)


def stock_shelves(shop: Shop, *products: Product) -> None:
    with shop.write() as work:
        work.catalog.upsert(products)


def fill_cart(shop: Shop, shopper: Shopper, **quantities: str) -> Cart:
    """Add products, each by a call of its own."""
    for product_id, quantity in quantities.items():
        with shop.write() as work:
            work.carts.add(
                shopper.cart_id, product_id, Decimal(quantity), actor=Actor(shopper.id, "web")
            )
    with shop.read() as work:
        return work.carts.get(shopper.cart_id)


def contents(shop: Shop, shopper: Shopper) -> dict[str, str]:
    """What is in the cart: {"c1 oats": "2"}."""
    with shop.read() as work:
        lines = work.carts.get(shopper.cart_id).lines
    return {f"{line.id} {line.product_id}": plain(line.quantity) for line in lines}


def stock_of(shop: Shop, product_id: str) -> Decimal | None:
    with shop.read() as work:
        return work.catalog.get(product_id).stock
