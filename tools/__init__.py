"""The typed tools a model, a button or a protocol may call."""
