"""What a project looks like."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.landing.apply import Landing

Seen = dict[str, str]


def look(project: Path) -> Seen:
    """Every file of a project but our journals: path -> text; folders end in `/`."""
    found: Seen = {}
    for path in sorted(project.rglob("*")):
        name = path.relative_to(project).as_posix()
        if name.startswith((".backwright/landing", ".git/")):
            continue
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        else:
            found[name] = path.read_text() if path.is_file() else "/"
    return found


Land = Callable[..., Landing]
