"""One TOML file, with the line of each key (tomllib keeps none). Ground module."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self


class TomlError(ValueError):
    """A file that cannot be read as TOML; the message says where."""


LARGEST = 1_000_000
"""Most bytes of a file."""

_HEADER = re.compile(r"^\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
_ASSIGNED = re.compile(
    r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="""
)
_PART = re.compile(r""""[^"]*"|'[^']*'|[^\s."']+""")


@dataclass(frozen=True)
class TomlFile:
    """The tables of a file that may not exist."""

    path: Path
    tables: dict[str, Any] = field(default_factory=dict)
    text: str = ""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read `path`; a missing file is an empty one. Raises TomlError."""
        try:
            with path.open("rb") as opened:
                raw = opened.read(LARGEST + 1)
        except FileNotFoundError:
            return cls(path)
        except OSError as error:
            raise TomlError(f"{path}: cannot be read: {error.strerror or error}") from None
        if len(raw) > LARGEST:
            raise TomlError(f"{path}: larger than {LARGEST} bytes")
        try:
            text = raw.decode("utf-8-sig")
            return cls(path, tomllib.loads(text), text)
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise TomlError(f"{path}:{line}: not UTF-8") from None
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            found = re.search(r"line (\d+)", str(error))
            place = f"{path}:{found.group(1)}" if found else str(path)
            raise TomlError(f"{place}: not TOML: {error}") from None

    def place(self, *keys: str) -> str:
        """`file:line` of a table or of a key in it; the file alone where the line is not plain."""
        line = self._line(keys)
        return f"{self.path}:{line}" if line else str(self.path)

    def _line(self, keys: tuple[str, ...]) -> int:
        """The line of the deepest of `keys` that is written out, from 1; 0 where none is."""
        best, best_depth = 0, 0
        table: tuple[str, ...] = ()
        for number, text in enumerate(self.text.splitlines(), 1):
            header = _HEADER.match(text)
            assigned = None if header else _ASSIGNED.match(text)
            if header:
                table = path = _parts(header.group(1))
            elif assigned:
                path = table + _parts(assigned.group(1))
            else:
                continue
            depth = min(len(path), len(keys))
            if path[:depth] == keys[:depth] and depth > best_depth:
                best, best_depth = number, depth
        return best

    def others(self, names: Iterable[str]) -> dict[str, Any]:
        """The tables called one of `names`, raw."""
        return {name: self.tables[name] for name in names if name in self.tables}


def _parts(dotted: str) -> tuple[str, ...]:
    """The parts of a dotted TOML key, unquoted."""
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean ...?`, or what there is to choose from."""
    known = list(known)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(known)}"
