"""YAML text as data: event by event, without recursion, by the rules of YAML 1.2.

`200` and `no` as keys are the texts "200" and "no", dates stay texts. Aliases
are shared, and refused where they would expand without bound. Of the places only
two numbers an entry are kept; who asks for one walks there.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterator
from typing import Any

import yaml

from evaluators.contract.parts import MAX_DEPTH, MAX_NODES, Json, Problem, Source, Tokens, Unreadable, mapping
from evaluators.finding import Location

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_AMBIGUOUS = re.compile(r"(?i:yes|no|on|off)|[-+]?0[0-9]+|[0-9]+(:[0-5]?[0-9])+")
_UNTEXTUAL = frozenset("+-.0123456789yYnNoO")
"""What a plain scalar begins with that is a number, or that YAML 1.1 reads in another way."""
_PLAIN = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def read_yaml(path: str, text: str) -> Source:
    """Read a YAML text; raises Unreadable or yaml.YAMLError."""
    composer = Composer(path)
    composer.compose(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    if composer.root is None:
        raise Unreadable("it is empty")
    data = mapping(composer.root.value)
    return Source(path, data, tuple(composer.problems), text, Places(path, composer).locate)


class _Whole:
    """A finished value: where it begins, and how large and deep it is with every alias expanded."""

    __slots__ = ("column", "depth", "line", "size", "value")

    def __init__(self, value: Json, line: int, column: int, size: int = 1, depth: int = 1) -> None:
        self.value, self.line, self.column, self.size, self.depth = value, line, column, size, depth


class _Open:
    """A mapping or a list whose end has not been read."""

    __slots__ = ("anchor", "column", "depth", "irregular", "key", "keys", "line", "places", "size", "value", "values")

    def __init__(self, value: Json, line: int, column: int, anchor: str | None) -> None:
        self.value, self.line, self.column, self.anchor = value, line, column, anchor
        self.size, self.depth = 1, 0
        self.key: str | None = None
        self.irregular = False
        """Whether it has a key twice, or a merge key."""
        self.keys: list[str] = []
        self.values: list[Json] = []
        """The entries of an irregular mapping, as they are written."""
        self.places = array("I")
        """Line and column of every entry's key, or of every item."""


class Composer:
    """Builds data of YAML events, with a stack of its own in place of recursion."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.root: _Whole | None = None
        self.problems: list[Problem] = []
        self.places: dict[int, array[int]] = {}
        """Identity of a mapping or list -> line and column of each entry."""
        self.written: dict[int, tuple[list[str], list[Json]]] = {}
        """Identity of a mapping with a repeated or a merge key -> its entries as they are written."""
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Whole | None] = {}
        self._texts: dict[str, Json] = {}

    def compose(self, events: Iterator[Any]) -> None:
        """Use all events; raises Unreadable and what the events raise."""
        for event in events:
            kind = type(event)
            mark = event.start_mark
            line, column = mark.line + 1, mark.column + 1
            if kind is yaml.ScalarEvent:
                self._scalar(event, line, column)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._closed()
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._opened(event, line, column)
            elif kind is yaml.AliasEvent:
                known = self._anchors.get(str(event.anchor))
                if known is None:
                    raise Unreadable(f"the alias *{event.anchor} is unknown or contains itself", line, column)
                self._place(known, line, column)
            elif kind is yaml.DocumentStartEvent and self.root is not None:
                raise Unreadable("it holds a second YAML document", line, column)

    def _opened(self, event: Any, line: int, column: int) -> None:
        if event.tag not in (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            raise Unreadable("it uses a YAML tag that JSON has no value for", line, column)
        if len(self._stack) >= MAX_DEPTH:
            raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels", line, column)
        if event.anchor:
            self._anchors[event.anchor] = None
        value: Json = {} if type(event) is yaml.MappingStartEvent else []
        self._stack.append(_Open(value, line, column, event.anchor))

    def _scalar(self, event: Any, line: int, column: int) -> None:
        text = event.value
        if event.implicit[0] and event.tag is None:
            value = self._plain(text, line, column)
        else:
            value = _tagged(event.tag, text, line, column)
        top = self._stack[-1] if self._stack else None
        if top is None or event.anchor:
            whole = _Whole(value, line, column)
            if event.anchor:
                self._anchors[event.anchor] = whole
            if top is None:
                self.root = whole
                return
        if type(top.value) is list:
            top.value.append(value)
            top.places.extend((line, column))
            top.size += 1
            top.depth = top.depth or 1
        elif top.key is None:
            self._keyed(top, text, line, column)
        else:
            self._entered(top, value, 1, 1)

    def _plain(self, text: str, line: int, column: int) -> Json:
        """The value of a plain scalar; texts that are alike are one."""
        if text in self._texts:
            return self._texts[text]
        value = _plain(text)
        if text[:1] in _UNTEXTUAL and _AMBIGUOUS.fullmatch(text):
            self._ambiguous(text, line, column)
        else:
            self._texts[text] = value
        return value

    def _closed(self) -> None:
        """The end of a mapping or list: its bounds, its repeated keys, and its place in what is around it."""
        top = self._stack.pop()
        depth = top.depth + 1
        if top.size > MAX_NODES:
            raise Unreadable(f"it expands to more than {MAX_NODES} values", top.line, top.column)
        if depth > MAX_DEPTH:
            raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels", top.line, top.column)
        value = top.value
        if top.irregular:
            self._told(top)
            value = _merged(top.keys, top.values)
            self.written[id(value)] = (top.keys, top.values)
        self.places[id(value)] = top.places
        whole = _Whole(value, top.line, top.column, top.size, depth)
        if top.anchor:
            self._anchors[top.anchor] = whole
        self._place(whole, top.line, top.column)

    def _place(self, whole: _Whole, line: int, column: int) -> None:
        """Put a finished value where it belongs: root, item, key or value."""
        if not self._stack:
            self.root = whole
            return
        top = self._stack[-1]
        if type(top.value) is list:
            top.value.append(whole.value)
            top.places.extend((whole.line, whole.column))
            top.size += whole.size
            top.depth = max(top.depth, whole.depth)
        elif top.key is not None:
            self._entered(top, whole.value, whole.size, whole.depth)
        elif isinstance(whole.value, str):
            self._keyed(top, whole.value, line, column)
        else:
            raise Unreadable("a key is no plain text", line, column)

    def _keyed(self, top: _Open, key: str, line: int, column: int) -> None:
        """The key of an entry."""
        top.key = key
        top.places.extend((line, column))
        if not top.irregular and (key == "<<" or key in top.value):
            top.irregular = True
            top.keys, top.values = list(top.value), list(top.value.values())

    def _entered(self, top: _Open, value: Json, size: int, depth: int) -> None:
        """The value of the entry whose key was read."""
        key, top.key = top.key, None
        top.size += size
        if depth > top.depth:
            top.depth = depth
        if top.irregular:
            top.keys.append(str(key))
            top.values.append(value)
        else:
            top.value[key] = value

    def _told(self, top: _Open) -> None:
        """A problem for each key that a mapping holds twice."""
        first: dict[str, int] = {}
        for index, key in enumerate(top.keys):
            line, column = top.places[2 * index], top.places[2 * index + 1]
            if key in first and key != "<<":
                message = f"The key {key} is already on line {first[key]} of the same mapping; one of the two is lost."
                at = Location(self.path, line, column)
                self.problems.append(Problem("repeated-key", at, key, message, "Join the two."))
            first.setdefault(key, line)

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


class Places:
    """Finds the places of what a composer built."""

    def __init__(self, path: str, composer: Composer) -> None:
        self._path, self._root = path, composer.root
        self._places, self._written = composer.places, composer.written
        self._indexes: dict[int, dict[str, int]] = {}

    def locate(self, tokens: Tokens) -> Location:
        """The place of the value at `tokens`, or of the nearest one above it; an entry's place is its key's."""
        assert self._root is not None  # noqa: S101 -- an empty text is refused
        line, column, value = self._root.line, self._root.column, self._root.value
        for token in tokens:
            found = self._step(value, token)
            if found is None:
                break
            line, column, value = found
        return Location(self._path, line, column)

    def _step(self, value: Json, token: str) -> tuple[int, int, Json] | None:
        """Place and value of the child `token`, or None."""
        if isinstance(value, list):
            index = int(token) if token.isdecimal() and len(token) < 9 else len(value)
            return (*self._at(value, index), value[index]) if index < len(value) else None
        if not isinstance(value, dict):
            return None
        written = self._written.get(id(value))
        if written is not None:
            return self._merged(value, written, token)
        if id(value) not in self._indexes:
            self._indexes[id(value)] = {key: index for index, key in enumerate(value)}
        found = self._indexes[id(value)].get(token)
        return None if found is None else (*self._at(value, found), value[token])

    def _merged(self, value: Json, written: tuple[list[str], list[Json]], token: str) -> tuple[int, int, Json] | None:
        """The last entry of that key, or the one of a mapping that is merged in."""
        keys, values = written
        for index in range(len(keys) - 1, -1, -1):
            if keys[index] == token:
                return (*self._at(value, index), values[index])
        for key, inner in zip(keys, values, strict=True):
            found = self._step(inner, token) if key == "<<" and isinstance(inner, dict) else None
            if found is not None:
                return found
        return None

    def _at(self, value: Json, index: int) -> tuple[int, int]:
        places = self._places[id(value)]
        return places[2 * index], places[2 * index + 1]


_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "timestamp")}


def _plain(text: str) -> Json:
    """A plain scalar by YAML 1.2's core schema; what JSON cannot hold stays text."""
    if text in _PLAIN:
        return _PLAIN[text]
    if text[0] not in _UNTEXTUAL:
        return text
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


def _merged(keys: list[str], values: list[Json]) -> dict[str, Json]:
    """The data of a mapping with YAML's merge key (earlier mappings win) or with a key twice (the last wins)."""
    made: dict[str, Json] = {}
    for key, value in zip(keys, values, strict=True):
        for earlier in (value if isinstance(value, list) else [value]) if key == "<<" else ():
            for name, inner in earlier.items() if isinstance(earlier, dict) else ():
                made.setdefault(name, inner)
    made.update((key, value) for key, value in zip(keys, values, strict=True) if key != "<<")
    return made
