"""The sample shop: products, baskets and policies as data."""
