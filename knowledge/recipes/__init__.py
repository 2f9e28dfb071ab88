"""Dishes and occasions, and what to buy for them."""
