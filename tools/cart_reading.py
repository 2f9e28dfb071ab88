"""What scoring tools read of the cart: its lines with their products."""

from dataclasses import dataclass
from decimal import Decimal

from knowledge.catalog.models import Product
from knowledge.pricing.models import Quote
from tools.context import ToolContext


@dataclass(frozen=True, slots=True)
class CartItem:
    line: str
    product: Product
    quantity: Decimal
    for_members: tuple[str, ...] = ()


def quote_of(context: ToolContext) -> Quote:
    return context.work.pricing.quote(context.work.carts.get(context.cart_id))


def read_cart(context: ToolContext) -> list[CartItem]:
    """All lines, also of products that are no longer sold."""
    return cart_items(quote_of(context))


def cart_items(quote: Quote) -> list[CartItem]:
    return [
        CartItem(line.line.id, line.product, line.line.quantity, line.line.for_members)
        for line in quote.lines
    ]


def referred(context: ToolContext, reference: str, items: list[CartItem]) -> CartItem | Product:
    """The cart line meant by a reference, else the product."""
    text = reference.strip()
    for item in items:
        if item.line == text:
            return item
    product_id = context.product_id(text)
    for item in items:
        if item.product.id == product_id:
            return item
    return context.work.catalog.get(product_id)
