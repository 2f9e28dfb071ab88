"""The shop's own rules, as searchable passages."""
