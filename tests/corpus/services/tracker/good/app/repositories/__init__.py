"""Data access: the only place with queries."""
