"""SQL: facts, lint and the live database."""
