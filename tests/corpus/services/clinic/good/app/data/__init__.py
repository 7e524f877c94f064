"""Data access: tables, transactions and queries."""
