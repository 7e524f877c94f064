"""The rules that need no database."""

from collections.abc import Mapping
from typing import Final

OWNER: Final = "owner"
ADMIN: Final = "admin"
MEMBER: Final = "member"
MANAGERS: Final = frozenset({OWNER, ADMIN})

TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    "todo": frozenset({"in_progress"}),
    "in_progress": frozenset({"todo", "done"}),
    "done": frozenset({"in_progress"}),
}


def is_manager(role: str) -> bool:
    """Say whether the role manages the workspace."""
    return role in MANAGERS


def may_move(current: str, wanted: str) -> bool:
    """Say whether a task may go from one status to the other."""
    return current == wanted or wanted in TRANSITIONS[current]


def may_remove(role: str, target_role: str, *, oneself: bool) -> bool:
    """Say whether the role may remove a member with the other role."""
    if oneself or role == OWNER:
        return True
    return role == ADMIN and target_role == MEMBER
