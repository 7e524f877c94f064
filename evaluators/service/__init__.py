"""The running service: sandbox, database, boot, fuzz."""
