"""Embedders of vendors, behind the port of ``knowledge``."""
