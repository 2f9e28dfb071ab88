"""Orders, their stock and their confirmations."""
