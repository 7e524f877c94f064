"""A stack is one folder of data: a framework's facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluators.stacks.stack import Stack


def find(name: str) -> Stack:
    """The stack called `name`; raises `evaluators.stacks.stack.StackError`."""
    from evaluators.stacks.stack import find as found

    return found(name)


def names() -> tuple[str, ...]:
    """The names of all stacks, sorted."""
    from evaluators.stacks.stack import names as known

    return known()
