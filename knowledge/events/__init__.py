"""What happened in the shop, to learn from."""
