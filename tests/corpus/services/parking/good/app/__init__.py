"""Parking operator service."""
