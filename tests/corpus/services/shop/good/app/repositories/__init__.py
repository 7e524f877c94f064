"""Statements and row locks; no rules."""
