"""The online shop."""
