"""Shelves: opaque sessions of accounts."""
