"""Business rules: order of checks, transitions, idempotency."""
