"""The text of a contract as plain JSON data, with the place of every part of it.

Nothing here raises: what cannot be read becomes a `Problem`.
"""

from __future__ import annotations

import re

from evaluators.contract.json_text import read_json
from evaluators.contract.parts import Problem, Source, Unreadable
from evaluators.finding import Location

_SURROGATE = re.compile("[\ud800-\udfff]")

MAX_CHARACTERS = 20_000_000
"""Longest text that is read, in characters."""


def read(path: str, text: str) -> Source:
    """Read the YAML or JSON text of the file `path`. Never raises."""
    text = text.removeprefix("\ufeff")
    try:
        if len(text) > MAX_CHARACTERS:
            raise Unreadable(f"it is longer than {MAX_CHARACTERS} characters")
        if not text.isascii() and _SURROGATE.search(text):
            raise Unreadable("it holds half of a surrogate pair, which is no character")
        if path.lower().endswith(".json"):
            return read_json(path, text)
        return _yaml(path, text)
    except Unreadable as error:
        return _refused(path, str(error), error.line, error.column)


def _yaml(path: str, text: str) -> Source:
    """Read a YAML text. Raises Unreadable."""
    # Late: the library takes a while to import, and many a contract is JSON.
    import yaml

    from evaluators.contract.yaml_text import read_yaml

    try:
        return read_yaml(path, text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "it is no YAML"
        return _refused(path, what, mark.line + 1 if mark else 0, mark.column + 1 if mark else 0)
    except yaml.YAMLError:
        return _refused(path, "it holds a character that YAML does not allow", 0, 0)


def _refused(path: str, why: str, line: int, column: int) -> Source:
    """A source that could not be read."""
    problem = Problem("unreadable-contract", Location(path, line, column), path, f"{path} cannot be read: {why}")
    return Source(path, None, (problem,))
