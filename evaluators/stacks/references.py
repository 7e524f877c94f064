"""A stack's reference services: small real services that tests are written for."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable

from evaluators.stacks.stack import StackError


def reference(stack: str, name: str) -> dict[str, str]:
    """The files of a reference service, path -> text, by path. Raises StackError where there is none."""
    root = resources.files("evaluators.stacks") / stack / "reference" / name
    if not name or not root.is_dir():
        raise StackError(f"the stack {stack} has no reference service {name!r}")
    return dict(sorted(_files(root, "")))


def _files(folder: Traversable, prefix: str) -> list[tuple[str, str]]:
    """Every file below a folder, as (path, text)."""
    found: list[tuple[str, str]] = []
    for each in folder.iterdir():
        if each.is_dir() and each.name != "__pycache__":
            found.extend(_files(each, f"{prefix}{each.name}/"))
        elif each.is_file() and not each.name.endswith(".pyc"):
            found.append((prefix + each.name, each.read_text(encoding="utf-8")))
    return found
