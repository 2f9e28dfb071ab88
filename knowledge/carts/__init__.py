"""Carts as an event log with lines as its projection."""
