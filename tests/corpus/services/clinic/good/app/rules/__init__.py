"""Rules: existence, ownership, permission and state."""
