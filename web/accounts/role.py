"""The three roles."""

from __future__ import annotations

import enum


class Role(enum.StrEnum):
    """What a person may; each may what the one before may."""

    VIEWER = "viewer"
    """Reads runs, recipes and rules."""
    AUTHOR = "author"
    """Also starts, cancels and resumes runs, and has drafts checked."""
    ADMIN = "admin"
    """Also adds people and gives roles."""

    def may(self, least: Role) -> bool:
        """Whether this role includes `least`."""
        order = list(Role)
        return order.index(self) >= order.index(least)
