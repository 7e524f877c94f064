"""What a stack is known by, read on its own."""

from __future__ import annotations

from evaluators.stacks.marks import marks
from evaluators.stacks.stack import find, names


def test_marks_are_those_of_the_stacks() -> None:
    assert marks() == {name: find(name).marks for name in names()}
