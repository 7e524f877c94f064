"""YAML text as parts: event by event, without recursion, by the rules of YAML 1.2.

`200` and `no` as keys are the texts "200" and "no", dates stay texts. Aliases
are shared, and refused where they would expand without bound.
"""

from __future__ import annotations

import math
import re
from typing import Any

import yaml

from evaluators.contract.parts import MAX_DEPTH, Json, Part, Problem, Source, Unreadable, located, mapping, repeated
from evaluators.finding import Location

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_AMBIGUOUS = re.compile(r"(?i:yes|no|on|off)|[-+]?0[0-9]+|[0-9]+(:[0-5]?[0-9])+")
_PLAIN = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def read_yaml(path: str, text: str) -> Source:
    """Read a YAML text; raises Unreadable or yaml.YAMLError."""
    composer = Composer(path)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for event in yaml.parse(text, Loader=loader):
        composer.take(event)
    root = composer.root
    if root is None:
        raise Unreadable("it is empty")
    data = mapping(_data(root, {}))
    return Source(path, data, tuple(composer.problems), text, lambda tokens: located(path, root, tokens))


class Composer:
    """Builds parts of YAML events, with a stack of its own in place of recursion."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.root: Part | None = None
        self.problems: list[Problem] = []
        self._open: list[tuple[Part, list[tuple[str, int, int]], str | None]] = []
        self._anchors: dict[str, Part | None] = {}

    def take(self, event: Any) -> None:
        """Use one event; raises Unreadable."""
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise Unreadable("it holds a second YAML document", line, column)
        if isinstance(event, yaml.AliasEvent):
            known = self._anchors.get(str(event.anchor))
            if known is None:
                raise Unreadable(f"the alias *{event.anchor} is unknown or contains itself", line, column)
            self._place(known, None, line, column)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line, column)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._opened(event, line, column)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            part, _, anchor = self._open.pop()
            part.close()
            self.problems += repeated(self.path, part)
            if anchor:
                self._anchors[anchor] = part
            self._place(part, None, part.line, part.column)

    def _opened(self, event: Any, line: int, column: int) -> None:
        part = Part(line, column)
        if isinstance(event, yaml.MappingStartEvent):
            part.entries = []
        else:
            part.items = []
        if event.tag not in (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            raise Unreadable("it uses a YAML tag that JSON has no value for", line, column)
        if len(self._open) >= MAX_DEPTH:
            raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels", line, column)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append((part, [], event.anchor))

    def _scalar(self, event: Any, line: int, column: int) -> None:
        part = Part(line, column)
        plain = bool(event.implicit[0]) and event.tag is None
        part.value = _plain(event.value) if plain else _tagged(event.tag, event.value, line, column)
        if event.anchor:
            self._anchors[event.anchor] = part
        if plain and event.value and _AMBIGUOUS.fullmatch(event.value):
            self._ambiguous(event.value, line, column)
        self._place(part, event.value, line, column)

    def _place(self, part: Part, text: str | None, line: int, column: int) -> None:
        """Put a finished part where it belongs: root, item, key or value."""
        if not self._open:
            self.root = part
            return
        parent, pending, _ = self._open[-1]
        if parent.items is not None:
            parent.items.append(part)
        elif pending:
            key, key_line, key_column = pending.pop()
            assert parent.entries is not None  # noqa: S101 -- a part has items or entries
            parent.entries.append((key, key_line, key_column, part))
        else:
            if text is None:
                text = part.value if isinstance(part.value, str) else None
            if text is None:
                raise Unreadable("a key is no plain text", line, column)
            pending.append((text, line, column))

    def _ambiguous(self, word: str, line: int, column: int) -> None:
        self.problems.append(
            Problem(
                "ambiguous-yaml-word",
                Location(self.path, line, column),
                word,
                f"The unquoted {word} is text or number in YAML 1.2 and something else in YAML 1.1.",
                f'Quote it: "{word}".',
            )
        )


_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "timestamp")}


def _plain(text: str) -> Json:
    """A plain scalar by YAML 1.2's core schema; what JSON cannot hold stays text."""
    if text in _PLAIN:
        return _PLAIN[text]
    try:
        if _INT.fullmatch(text):
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        if _FLOAT.fullmatch(text):
            number = float(text)
            return number if math.isfinite(number) else text
    except ValueError:
        return text
    return text


def _tagged(tag: str | None, text: str, line: int, column: int) -> Json:
    """A quoted or tagged scalar; raises Unreadable for a tag that is not YAML's own."""
    if tag in (None, "!", "tag:yaml.org,2002:str"):
        return text
    if tag in _TAGS:
        return _plain(text)
    raise Unreadable("it uses a YAML tag that JSON has no value for", line, column)


def _data(part: Part, seen: dict[int, Json]) -> Json:
    """A part as plain data; a shared part is one shared value."""
    if part.entries is None and part.items is None:
        return part.value
    if id(part) in seen:
        return seen[id(part)]
    made: Json
    if part.items is not None:
        made = [_data(item, seen) for item in part.items]
    else:
        made = {}
        for key, _, _, child in part.entries or ():
            if key == "<<":
                _merge(made, _data(child, seen))
        made.update((key, _data(child, seen)) for key, _, _, child in part.entries or () if key != "<<")
    seen[id(part)] = made
    return made


def _merge(into: dict[str, Json], value: Json) -> None:
    """YAML's merge key: earlier mappings win."""
    for earlier in value if isinstance(value, list) else [value]:
        if isinstance(earlier, dict):
            for key, inner in earlier.items():
                into.setdefault(key, inner)
