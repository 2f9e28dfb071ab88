"""The minds a shop may use, one after the other: which, how each is reached, when it is left."""
