"""The mark of rules that read one module at a time. Such a rule is never given another, so its findings can be kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from evaluators.rule import Rule

Check = TypeVar("Check", bound=Callable[..., Any])

_ALONE: set[Callable[..., Any]] = set()


def alone(check: Check) -> Check:
    """Mark a rule's function: what it says of a module follows from that module, whatever stands beside it."""
    _ALONE.add(check)
    return check


def is_alone(rule: Rule) -> bool:
    """Whether a rule of code is marked so."""
    return rule.check in _ALONE
