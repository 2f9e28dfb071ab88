"""Finding products by words, meaning and exact limits."""
