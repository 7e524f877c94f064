"""JSON text as data; a place is worked out only when it is asked for."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from json.scanner import make_scanner
from typing import Any, cast

from evaluators.contract.parts import (
    MAX_DEPTH,
    Json,
    Part,
    Problem,
    Source,
    Tokens,
    Unreadable,
    mapping,
    repeated,
)
from evaluators.finding import Location

_JSON_TOKEN = re.compile(r"([{}\[\],:])|(\"(?:[^\"\\]|\\.)*\")|([^\s{}\[\],:\"]+)", re.DOTALL)
_ENTRY = re.compile(r"[{, \t\n\r]*+\"([^\"\\]*+(?:\\.[^\"\\]*+)*+)\"[ \t\n\r]*+:[ \t\n\r]*+")
"""What comes before an entry's value, with its key."""
_BEFORE_ITEM = re.compile(r"[, \t\n\r]*+(?!\])")
_SPACE = re.compile(r"[ \t\n\r]*")
_KEY_END = re.compile(r"\"[ \t\n\r]*:")
Opened = dict[str, tuple[int, int]]
"""Key or index -> where the entry and where its value begins."""

_BLOCK = 1 << 12
"""Characters between two points at which the number of lines before is known."""


def read_json(path: str, text: str) -> Source:
    """Read a JSON text; its places are worked out only when one is asked for."""
    try:
        data = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise Unreadable(f"it is no JSON ({error.msg})", error.lineno, error.colno) from None
    except RecursionError:
        raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels") from None
    except ValueError:
        raise Unreadable("it holds a number with more digits than can be read") from None
    entries = _entries(mapping(data))
    if ("\\ud" in text or "\\uD" in text) and _has_surrogate(data):
        raise Unreadable("it holds half of a surrogate pair, which is no character")
    problems: list[Problem] = []
    if _keys(text) != entries:
        _json_parts(text, lambda part: problems.extend(repeated(path, part)))
    return Source(path, data, tuple(problems), text, Places(path, text, whole=bool(problems)).locate)


def _keys(text: str) -> int:
    """At least as many as there are keys in the text; exactly, where no text holds a quote and a colon."""
    if any(blank in text and blank + ":" in text for blank in "\t\r\n "):
        return sum(1 for _ in _KEY_END.finditer(text))
    return text.count('":')


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Unreadable("it holds a number beyond what a double can hold")
    return number


def _no_constant(word: str) -> Json:
    raise Unreadable(f"{word} is no JSON value")


def _has_surrogate(data: Json) -> bool:
    """Whether a string of the data holds half of a surrogate pair."""
    decoded = json.dumps(data, ensure_ascii=False)
    return any("\ud800" <= character <= "\udfff" for character in decoded)


def _entries(data: Json) -> int:
    """How many entries all mappings have together; raises Unreadable when the data is nested too deep."""
    level, depth, entries = [data], 0, 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels")
        entries += sum([len(value) for value in level if type(value) is dict])
        level = [
            child
            for value in level
            for child in (value.values() if type(value) is dict else value)
            if type(child) is dict or type(child) is list
        ]
    return entries


class Places:
    """Finds places in a JSON text that was already read without error.

    Only the containers on the way are opened, each as far as it must be. What lies
    beside the way is passed over by the decoder itself, which knows where a value
    ends. `whole` is for a text that holds a key twice: the last one counts.
    """

    def __init__(self, path: str, text: str, *, whole: bool = False) -> None:
        self._path, self._text, self._whole = path, text, whole
        self._opened: dict[int, tuple[Opened, Iterator[tuple[str, int, int]]]] = {}
        self._lines: list[int] = []
        self._top = _SPACE.match(text).end()  # type: ignore[union-attr]
        self._skip = cast("Callable[[str, int], tuple[Json, int]]", make_scanner(cast("Any", json.JSONDecoder())))

    def locate(self, tokens: Tokens) -> Location:
        """The place of the value at `tokens`, or of the nearest one above it; an entry's place is its key's."""
        start = at = self._top
        for token in tokens:
            known = self._open(start, token)
            if token not in known:
                break
            at, start = known[token]
        before = self._text.rfind("\n", 0, at)
        return Location(self._path, self._line(at), at - before)

    def _line(self, at: int) -> int:
        if not self._lines:
            self._lines = [1]
            for begin in range(0, len(self._text), _BLOCK):
                self._lines.append(self._lines[-1] + self._text.count("\n", begin, begin + _BLOCK))
        block = at // _BLOCK
        return self._lines[block] + self._text.count("\n", block * _BLOCK, at)

    def _open(self, start: int, token: str | None) -> Opened:
        """The children of the container at `start`, at least as far as `token`; all of them for None."""
        opened = self._opened.get(start)
        if opened is None:
            opened = self._opened[start] = ({}, self._children(start))
        known, rest = opened
        if token not in known:
            for key, begin, value in rest:
                known[key] = (begin, value)
                if key == token and not self._whole:
                    break
        return known

    def _past(self, start: int) -> int:
        """Where the value at `start` ends. A container is opened for it: as data it may be as large as all the text."""
        if self._text[start] not in "{[":
            return self._skip(self._text, start)[1]
        known = self._open(start, None)
        last = self._skip(self._text, max(value for _, value in known.values()))[1] if known else start + 1
        return _SPACE.match(self._text, last).end() + 1  # type: ignore[union-attr]

    def _children(self, start: int) -> Iterator[tuple[str, int, int]]:
        """Key or index, where the entry and where its value begins, of each child of the container at `start`."""
        mark = self._text[start]
        return self._entries(start) if mark == "{" else self._items(start) if mark == "[" else iter(())

    def _entries(self, start: int) -> Iterator[tuple[str, int, int]]:
        text, skip = self._text, self._skip
        found = _ENTRY.match(text, start)
        while found is not None:
            key, at, value = found.group(1), found.start(1) - 1, found.end()
            yield cast(str, skip(text, at)[0]) if "\\" in key else key, at, value
            past = self._past(value) if start == self._top else skip(text, value)[1]
            found = _ENTRY.match(text, past)

    def _items(self, start: int) -> Iterator[tuple[str, int, int]]:
        text, skip, number = self._text, self._skip, 0
        before = _BEFORE_ITEM.match(text, start + 1)
        while before is not None:
            at = before.end()
            yield str(number), at, at
            number += 1
            before = _BEFORE_ITEM.match(text, skip(text, at)[1])


def _json_parts(text: str, closed: Callable[[Part], None]) -> Part:
    """The parts of a JSON text that was already read without error; `closed` sees each mapping."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    stack: list[tuple[Part, list[tuple[str, int, int]]]] = []
    root = Part(1, 1)
    for found in _JSON_TOKEN.finditer(text):
        line = bisect_right(starts, found.start())
        column = found.start() - starts[line - 1] + 1
        mark = found.group(1)
        if mark in ("]", "}"):
            part, _ = stack.pop()
            closed(part)
        elif mark in (",", ":"):
            continue
        else:
            part = Part(line, column)
            if mark:
                part.entries, part.items = ([], None) if mark == "{" else (None, [])
                stack.append((part, []))
                continue
        if not stack:
            root = part
            continue
        parent, pending = stack[-1]
        if parent.items is not None:
            parent.items.append(part)
        elif pending:
            key, key_line, key_column = pending.pop()
            assert parent.entries is not None  # noqa: S101 -- a part has items or entries
            parent.entries.append((key, key_line, key_column, part))
        else:
            pending.append((json.loads(found.group(2)), line, column))
    return root
