"""Whole answers as JSON: `{"files": [{"path", "content"}]}` or `{"path": "content"}`."""

from __future__ import annotations

import json
from typing import Any

from evaluators.answer.labels import is_path

_PATH_KEYS = ("path", "filename", "file", "file_path", "filepath", "name")
_TEXT_KEYS = ("content", "contents", "text", "code", "body", "source")
_LIST_KEYS = ("files", "artifacts", "changes")


def files_of(text: str) -> list[tuple[str, str]] | None:
    """(path, text) of every file in a JSON text; None when it is not JSON or holds no files."""
    text = text.strip()
    if not text.startswith(("{", "[")):
        return None
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    return _files(value, 0)


def _files(value: Any, depth: int) -> list[tuple[str, str]] | None:
    """The files of a parsed value."""
    if isinstance(value, list):
        return _listed(value)
    if not isinstance(value, dict) or depth > 2:
        return None
    for key in _LIST_KEYS:
        if isinstance(value.get(key), list | dict):
            return _files(value[key], depth + 1)
    single = _listed([value])
    return single or _mapped(value)


def _listed(value: list[Any]) -> list[tuple[str, str]] | None:
    """`[{"path": ..., "content": ...}]`; None unless every entry has both."""
    found: list[tuple[str, str]] = []
    for entry in value:
        if not isinstance(entry, dict):
            return None
        path = next((entry[key] for key in _PATH_KEYS if isinstance(entry.get(key), str)), None)
        text = next((entry[key] for key in _TEXT_KEYS if isinstance(entry.get(key), str)), None)
        if path is None or text is None:
            return None
        found.append((path, text))
    return found or None


def _mapped(value: dict[Any, Any]) -> list[tuple[str, str]] | None:
    """`{"app/main.py": "..."}`; None unless every key is a path and every value a text."""
    if not value or not all(isinstance(text, str) and is_path(path) for path, text in value.items()):
        return None
    return list(value.items())
