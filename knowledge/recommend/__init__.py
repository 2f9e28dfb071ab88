"""Suggestions and swaps with their reasons."""
