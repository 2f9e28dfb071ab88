"""What a model is given of the talk before this turn."""
