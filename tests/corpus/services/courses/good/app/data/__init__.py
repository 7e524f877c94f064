"""Data access: tables, queries and locks."""
