"""What an owner says about stock: how much there is, how much came in, what runs low."""

from decimal import Decimal
from typing import cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from knowledge.carts.quantities import plain
from knowledge.catalog.changes import CatalogChanges
from knowledge.catalog.models import Product
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.catalog import ProductRow
from knowledge.errors import InvalidInput
from knowledge.ports import Clock

_PRODUCTS = cast("Table", ProductRow.__table__)
_LARGEST = Decimal(10) ** 9


class Stock:
    """Quantities are pieces, or the product's own unit for goods by weight or volume."""

    def __init__(self, session: Session, clock: Clock, catalog: CatalogRepository) -> None:
        self._session = session
        self._changes = CatalogChanges(session, clock)
        self._catalog = catalog

    def set(self, product_id: str, quantity: Decimal | None) -> Product:
        """None stops tracking: it is then always to be had. Raises ``ProductNotFound``."""
        self._changes.lock()
        product = self._catalog.get(product_id)
        if quantity is not None:
            _check(product, quantity)
        return self._write(product_id, quantity)

    def add(self, product_id: str, difference: Decimal) -> Product:
        """Count on from what is there. Raises ``InvalidInput`` below zero or when not tracked."""
        self._changes.lock()
        product = self._catalog.get(product_id)
        if product.stock is None:
            raise InvalidInput(f"The stock of {product.title} is not tracked; set it first.")
        quantity = product.stock + difference
        if quantity < 0:
            raise InvalidInput(f"There are only {plain(product.stock)} of {product.title}.")
        _check(product, quantity)
        return self._write(product_id, quantity)

    def low(self, at_most: Decimal, limit: int = 200) -> list[Product]:
        """Products on sale with so little or less left, the scarcest first."""
        query = (
            select(_PRODUCTS.c.id)
            .where(_PRODUCTS.c.listed, _PRODUCTS.c.stock <= at_most)
            .order_by(_PRODUCTS.c.stock, _PRODUCTS.c.id)
            .limit(limit)
        )
        return list(self._catalog.get_many(self._session.scalars(query)).values())

    def _write(self, product_id: str, quantity: Decimal | None) -> Product:
        self._session.execute(
            update(_PRODUCTS).where(_PRODUCTS.c.id == product_id).values(stock=quantity)
        )
        self._changes.record([product_id], "stock")
        return self._catalog.get(product_id)


def _check(product: Product, quantity: Decimal) -> None:
    if not quantity.is_finite() or not 0 <= quantity <= _LARGEST:
        raise InvalidInput(f"{quantity} is no stock that a shop can have.")
    if product.sell_by == "each" and quantity % 1:
        raise InvalidInput(f"{product.title} is sold by the piece; say a whole number.")
