"""Why something cannot go into a cart, said so that a shopper knows what to do."""

from decimal import Decimal

from knowledge.errors import Conflict, InvalidInput


class QuantityRefused(InvalidInput):
    """The amount does not fit how the product is sold."""


class OutOfStock(Conflict):
    """There is not enough; ``left`` says how much there is."""

    def __init__(self, message: str, *, product_id: str, left: Decimal) -> None:
        super().__init__(message)
        self.product_id = product_id
        self.left = left


class NotSold(Conflict):
    """The product was taken off the shelves."""

    def __init__(self, title: str, product_id: str) -> None:
        super().__init__(f"{title} is no longer sold here.")
        self.product_id = product_id
