"""Products: what they are, where they are stored, how they come in."""
