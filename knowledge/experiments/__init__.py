"""Experiments: variants, who got which, and what came of them."""
