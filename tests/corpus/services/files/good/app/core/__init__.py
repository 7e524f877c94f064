"""Configuration, errors, security and storage."""
