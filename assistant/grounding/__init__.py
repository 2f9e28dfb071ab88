"""Checks that what is said of products, prices and offers comes from a tool."""
