"""The probes, one a module."""
