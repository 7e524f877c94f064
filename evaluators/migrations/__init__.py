"""The migrations as a sequence: what a running database and a running service survive."""
