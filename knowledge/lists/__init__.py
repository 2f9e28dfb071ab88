"""Saved lists and what a shopper usually buys."""
