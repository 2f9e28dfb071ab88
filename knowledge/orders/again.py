"""Turns an earlier order into what would go into the cart again (pure)."""

from knowledge.carts.edits import Add
from knowledge.orders.models import Order


def edits_again(order: Order) -> list[Add]:
    """Every line as it was ordered, with what its shopper wanted when it has run out."""
    return [
        Add(product_id=line.product_id, quantity=line.quantity, substitution=line.substitution)
        for line in order.lines
    ]
