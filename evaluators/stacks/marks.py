"""By which marks a stack is known. Apart from `Stack`, which takes a tenth of a second to import and validate."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path


@functools.cache
def marks() -> dict[str, tuple[str, ...]]:
    """Stack -> distributions or imports by which a project is known to be of it; by name, sorted."""
    files = sorted(Path(__file__).parent.glob("*/stack.toml"))
    return {file.parent.name: tuple(tomllib.loads(file.read_text(encoding="utf-8"))["marks"]) for file in files}
