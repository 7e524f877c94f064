"""Clinic appointments."""
