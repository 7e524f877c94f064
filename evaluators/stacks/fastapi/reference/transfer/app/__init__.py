"""Transfers of funds between accounts."""
