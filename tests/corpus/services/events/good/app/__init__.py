"""Events, tickets and orders."""
