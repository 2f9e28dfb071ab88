"""The built-in model: understands shopping English without a network."""
