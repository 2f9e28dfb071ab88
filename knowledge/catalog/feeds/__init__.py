"""Product feeds in the formats shops meet: read as our own records, and written back."""
