"""Questions about operations that several cross rules ask."""

from __future__ import annotations

from evaluators.contract.facts import Operation
from evaluators.contract.words import words_of

_ADMINISTRATORS = frozenset(
    ("admin", "admins", "administrator", "backoffice", "staff", "internal", "management", "ops")
)


def for_administrators(operation: Operation) -> bool:
    """Whether an operation is meant for administrators, by its path, its tags, its scopes or its roles."""
    said = [operation.path, *operation.tags, operation.id or ""]
    for each in operation.node.elements("security"):
        said.extend(scope for scheme, _ in each.items() for scope in each.texts(scheme))
    said += [text for key in ("x-roles", "x-role", "x-scopes") for text in _texts(operation, key)]
    return any(word in _ADMINISTRATORS for text in said for word in words_of(text))


def _texts(operation: Operation, key: str) -> tuple[str, ...]:
    """The texts of an extension, one or many."""
    one = operation.node.text(key)
    return (one,) if one else operation.node.texts(key)
