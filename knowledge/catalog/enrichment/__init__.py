"""Facts from other sources, for what the owner of a product left unknown."""
