"""A copy of everything a shop has in SQL, and a shop made from such a copy."""
