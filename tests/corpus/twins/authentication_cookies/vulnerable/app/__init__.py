"""Letters of people with a session."""
