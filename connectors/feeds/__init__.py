"""Fetches product feeds from addresses that an owner has named."""
