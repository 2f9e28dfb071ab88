"""Rows of every table; only repositories import them."""

from knowledge.db.rows import carts, catalog, learning, orders, people, shop, talk

__all__ = ["carts", "catalog", "learning", "orders", "people", "shop", "talk"]
