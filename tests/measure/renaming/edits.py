"""Changes in the text of a module, by the places of its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterable

Edit = tuple[tuple[int, int], str]
"""From and to, in bytes, and what stands there then."""


def span(text: str, node: ast.expr | ast.stmt) -> tuple[int, int]:
    """Where a piece of code lies, in bytes."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line.encode()) + 1)
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    return starts[first] + node.col_offset, starts[last] + (node.end_col_offset or 0)


def replaced(text: str, edits: Iterable[Edit]) -> str:
    """A text with all changes."""
    raw = text.encode()
    for (start, end), new in sorted(dict(edits).items(), reverse=True):
        raw = raw[:start] + new.encode() + raw[end:]
    return raw.decode()


def importing(text: str, line: str) -> str:
    """A module with one more import, after those that it has."""
    body = ast.parse(text).body
    imports = [node.end_lineno or 0 for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    doc = [body[0].end_lineno or 0] if body and isinstance(body[0], ast.Expr) else []
    lines = text.split("\n")
    lines.insert(max([0, *doc, *imports]), line)
    return "\n".join(lines)


def without_idle(text: str, before: str) -> str:
    """A module without the imports that were used before and are not any more."""
    idle = _used(before) - _used(text)
    edits = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and any(each.name in idle for each in node.names):
            kept = [each for each in node.names if each.name not in idle]
            new = ast.unparse(ast.ImportFrom(node.module, kept, node.level)) if kept else "pass"
            edits.append((span(text, node), new))
    return replaced(text, edits)


def _used(text: str) -> set[str]:
    """The names that a module reads."""
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
