"""YAML files read with errors that say file and line."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from typing import Any

import yaml

from assistant.errors import RecipeError

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_mapping(file: Traversable) -> dict[str, Any]:
    """The mapping that `file` holds; raises RecipeError `FILE:LINE: what`."""
    text = _text(file)
    try:
        held = yaml.load(text, Loader=_LOADER)  # noqa: S506  (a safe loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
        raise RecipeError(f"{file}:{mark.line + 1 if mark else 1}: not YAML: {what}") from error
    except ValueError as error:
        # A date or a number that is none is no YAMLError.
        raise RecipeError(f"{file}:1: not YAML: {str(error).split(chr(10), 1)[0]}") from error
    if not isinstance(held, dict) or not all(isinstance(key, str) for key in held):
        raise RecipeError(f"{file}:1: not a mapping of names to values")
    return held


def line_in(file: Traversable, loc: tuple[Any, ...]) -> int:
    """The line, from 1, of the deepest part of `loc` (keys and list indexes) that the YAML file writes down."""
    node: Any = yaml.compose(_text(file), Loader=_LOADER)
    line = 1
    for step in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _text(file: Traversable) -> str:
    """A file's text; raises RecipeError."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RecipeError(f"{file}:1: not UTF-8", "save the file as UTF-8") from error
    except OSError as error:
        raise RecipeError(f"{file}:1: cannot be read ({error.strerror})") from error
