"""People: shoppers, preferences, consent."""
