"""Values with their places, from which both readers build. Ground of this package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from evaluators.finding import Location

MAX_DEPTH = 150
"""Deepest nesting that is read."""
MAX_NODES = 1_000_000
"""Most values, with every alias expanded."""

Json = Any
"""None, bool, int, float, str, list or dict with text keys."""
Tokens = tuple[str, ...]
"""A JSON pointer's parts, unescaped."""


class Unreadable(Exception):
    """A text that is no JSON data; the message says why, `line` and `column` where."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line, self.column = line, column


@dataclass(frozen=True)
class Problem:
    """What reading a text brought up, under the id of the rule that reports it."""

    rule: str
    at: Location
    symbol: str
    message: str
    hint: str = ""


class Part:
    """A value with its place; the place of a mapping's entry is its key's."""

    __slots__ = ("column", "entries", "items", "line")

    def __init__(self, line: int, column: int) -> None:
        self.line, self.column = line, column
        self.entries: list[tuple[str, int, int, Part]] | None = None
        self.items: list[Part] | None = None


@dataclass(frozen=True)
class Source:
    """One read file. `data` is None where it could not be read, and `problems` says why."""

    path: str
    data: Json
    problems: tuple[Problem, ...] = ()
    text: str = field(default="", compare=False, repr=False)
    """What was read, for rules that look for a word before they look for its place."""
    _locate: Callable[[Tokens], Location] | None = field(default=None, compare=False, repr=False)

    def locate(self, tokens: Tokens) -> Location:
        """The place of the value at `tokens`, or of the nearest one above it."""
        return Location(self.path) if self._locate is None else self._locate(tokens)


def repeated(path: str, part: Part) -> list[Problem]:
    """A problem for each key that a mapping holds twice."""
    first: dict[str, int] = {}
    found: list[Problem] = []
    for key, line, column, _ in part.entries or ():
        if key in first and key != "<<":
            message = f"The key {key} is already on line {first[key]} of the same mapping; one of the two is lost."
            found.append(Problem("repeated-key", Location(path, line, column), key, message, "Join the two."))
        first.setdefault(key, line)
    return found


def mapping(data: Json) -> Json:
    """The data when it is an object; raises Unreadable."""
    if not isinstance(data, dict):
        raise Unreadable("its top level is no mapping", 1, 1)
    return data
