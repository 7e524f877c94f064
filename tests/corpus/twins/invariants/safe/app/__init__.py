"""A small market."""
