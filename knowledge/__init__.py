"""The shop: catalog, search, carts, budgets, orders, scoring and everything that is stored."""
