"""Business rules. One service call is one transaction."""
