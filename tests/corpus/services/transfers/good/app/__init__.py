"""Funds transfer service."""
