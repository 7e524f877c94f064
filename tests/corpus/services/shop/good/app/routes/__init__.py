"""Paths, parameters, status codes and headers; no SQL, no rules."""
