"""Orders for the owner's own systems: signed webhooks and CSV files."""
