"""Business rules; one call is one transaction."""
