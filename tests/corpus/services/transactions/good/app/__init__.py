"""The transactions service."""
