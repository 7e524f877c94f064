"""The queries of SQL files and of code, read against the schema."""
