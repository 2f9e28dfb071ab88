"""Texts a model or the offline model speaks from."""
