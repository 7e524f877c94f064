"""The retail bank service."""
