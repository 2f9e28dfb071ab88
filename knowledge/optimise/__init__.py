"""Exact choices under a limit."""
