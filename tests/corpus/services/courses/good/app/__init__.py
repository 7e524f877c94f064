"""The learning platform."""
