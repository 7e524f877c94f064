"""TOML files read with errors that say file and line. Light: `recipes` reads with it before pydantic is needed."""

from __future__ import annotations

import re
import tomllib
from importlib.resources.abc import Traversable
from typing import Any

from assistant.errors import RecipeError


def read_table(file: Traversable) -> dict[str, Any]:
    """The table that `file` holds; raises RecipeError `FILE:LINE: what`."""
    try:
        text = file.read_text(encoding="utf-8")
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        what = re.sub(r" \(at .*\)$", "", str(error))
        line = found[1] if found else str(text.count("\n") + 1)
        raise RecipeError(f"{file}:{line}: not TOML: {what}") from error
    except UnicodeDecodeError as error:
        raise RecipeError(f"{file}:1: not UTF-8", "save the file as UTF-8") from error
    except OSError as error:
        raise RecipeError(f"{file}:1: cannot be read ({error.strerror})") from error


def line_of(file: Traversable, loc: tuple[Any, ...]) -> int:
    """The line, from 1, of the deepest part of `loc` (keys and list indexes) that the TOML file writes down."""
    best = best_depth = within = 0
    counts: dict[tuple[str, ...], int] = {}
    table: tuple[Any, ...] = ()
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
        header = re.match(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]", line)
        key = re.match(r"\s*([\w.\"'-]+)\s*=", line)
        if header:
            names = tuple(part.strip(" \"'") for part in header[2].split("."))
            table = names
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
                table = (*names, counts[names])
            path = table
        elif key:
            path = (*table, *(part.strip("\"'") for part in key[1].split(".")))
        else:
            continue
        depth = len(path)
        if path == loc[:depth] and depth > best_depth:
            best, best_depth = number, depth
        elif path[: len(loc)] == loc and not within:
            within = number
    return best or within or 1
