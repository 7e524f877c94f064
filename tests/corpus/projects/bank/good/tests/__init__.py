"""Tests of the retail bank."""
