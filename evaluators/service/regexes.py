"""A text that a regular expression of a contract matches: the shortest, deterministic."""

from __future__ import annotations

import re
from re import _parser as parser  # the standard library's own, undocumented: a test holds what is used of it
from typing import Any

PLAIN = "aA0 _-"


def matching(pattern: str, least: int = 0) -> str | None:
    """A text of at least `least` characters that `pattern` matches, or None where none was found."""
    try:
        parsed = parser.parse(pattern)
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return None
    for extra in (0, 1, least, least + 4):
        text = _said(parsed, extra)
        if len(text) >= least and compiled.search(text):
            return text
    return None


def _said(parsed: Any, extra: int) -> str:
    return "".join(_part(str(kind), value, extra) for kind, value in parsed)


def _part(kind: str, value: Any, extra: int) -> str:
    """The text of one part; `extra` repetitions more than needed where that is allowed."""
    if kind == "LITERAL":
        return chr(value)
    if kind == "NOT_LITERAL":
        return next(each for each in PLAIN if ord(each) != value)
    if kind == "ANY":
        return "a"
    if kind == "IN":
        return _one_of(value)
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = value
        return "".join(_said(inner, extra) for _ in range(min(int(most), int(least) + extra)))
    if kind == "SUBPATTERN":
        return _said(value[3], extra)
    if kind == "BRANCH":
        return _said(value[1][0], extra)
    if kind == "ATOMIC_GROUP":
        return _said(value, extra)
    return ""


def _one_of(items: Any) -> str:
    """A character of a class; of a negated one, a plain character that it leaves."""
    negated = str(items[0][0]) == "NEGATE"
    letters = [each for each in PLAIN if _holds(items[1:] if negated else items, ord(each))]
    if negated:
        return next((each for each in PLAIN if each not in letters), "~")
    if letters:
        return letters[0]
    kind, value = items[0]
    return chr(value if str(kind) == "LITERAL" else value[0]) if str(kind) in ("LITERAL", "RANGE") else "a"


def _holds(items: Any, code: int) -> bool:
    for kind, value in items:
        name = str(kind)
        if name == "LITERAL" and value == code:
            return True
        if name == "RANGE" and value[0] <= code <= value[1]:
            return True
        if name == "CATEGORY" and _in_category(str(value), chr(code)):
            return True
    return False


def _in_category(name: str, letter: str) -> bool:
    known = {
        "CATEGORY_DIGIT": letter.isdigit(),
        "CATEGORY_WORD": letter.isalnum() or letter == "_",
        "CATEGORY_SPACE": letter.isspace(),
    }
    bare = name.replace("_NOT_", "_")
    return known.get(bare, False) != (bare != name)
