"""The JSON API at /api/v1: what the pages do, for programs, by token."""
