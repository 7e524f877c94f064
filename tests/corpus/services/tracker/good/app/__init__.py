"""Project tracking service."""
