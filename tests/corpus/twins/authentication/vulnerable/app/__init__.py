"""Notes of people who log in."""
