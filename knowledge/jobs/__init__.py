"""Work to do in the background, kept in SQL."""
