"""JSON text as data; the parts with their places are worked out only when one is asked for."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Callable

from evaluators.contract.parts import MAX_DEPTH, Json, Part, Problem, Source, Unreadable, mapping, repeated

_JSON_TOKEN = re.compile(r"([{}\[\],:])|(\"(?:[^\"\\]|\\.)*\")|([^\s{}\[\],:\"]+)", re.DOTALL)


def read_json(path: str, text: str) -> Source:
    """Read a JSON text; its places are worked out only when one is asked for."""
    doubled: list[bool] = []

    def pairs(given: list[tuple[str, Json]]) -> dict[str, Json]:
        made = dict(given)
        if len(made) < len(given):
            doubled.append(True)
        return made

    try:
        data = json.loads(text, object_pairs_hook=pairs, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise Unreadable(f"it is no JSON ({error.msg})", error.lineno, error.colno) from None
    except RecursionError:
        raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels") from None
    except ValueError:
        raise Unreadable("it holds a number with more digits than can be read") from None
    _bounded(mapping(data))
    if "\\ud" in text.lower() and _has_surrogate(data):
        raise Unreadable("it holds half of a surrogate pair, which is no character")
    memo: list[Part] = []
    problems: list[Problem] = []

    def root() -> Part:
        if not memo:
            memo.append(_json_parts(text, lambda part: problems.extend(repeated(path, part))))
        return memo[0]

    if doubled:
        root()
    return Source(path, data, tuple(problems), root)


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


def _bounded(data: Json) -> None:
    """Raise Unreadable when the data is nested too deep."""
    level, depth = [data], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels")
        level = [
            child
            for value in level
            if isinstance(value, dict | list)
            for child in (value.values() if isinstance(value, dict) else value)
        ]


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
