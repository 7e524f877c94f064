"""Tries regular expressions on texts that may grow them; run as a program of its own, standard library only.

Reads a list of patterns as JSON, and writes one line for each text that makes a
pattern take longer and longer.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from re import _parser as parser  # undocumented; a test holds what is used of it
from typing import Any

LADDER = (6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
LONG = 0.4
"""CPU seconds that are called long."""
STEP = 4
GROWTH = 3.0
MANY_MORE = (2_000, 8_000, 32_000)
TAILS = ("!", "\x00", "\n!", " ", "")
SECONDS = 10
LETTERS = "aA0 -_.@/,:"


def said(parts: Iterable[tuple[Any, Any]], many: int = 1) -> str:
    """A short text that a parsed pattern matches."""
    return "".join(_part(str(kind), value, many) for kind, value in parts)


def _part(kind: str, value: Any, many: int) -> str:
    if kind == "LITERAL":
        return chr(value)
    if kind == "NOT_LITERAL":
        return "a" if value != ord("a") else "b"
    if kind == "ANY":
        return "a"
    if kind == "IN":
        return _letter(value)
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return said(value[2], many) * min(int(value[1]), max(int(value[0]), many))
    if kind == "SUBPATTERN":
        return said(value[3], many)
    if kind == "ATOMIC_GROUP":
        return said(value, many)
    return said(value[1][0], many) if kind == "BRANCH" else ""


def _letter(items: Any) -> str:
    """A letter of a class, by asking the class itself."""
    for each in LETTERS + "".join(map(chr, range(33, 127))):
        if _holds(items, each):
            return each
    return "a"


def _holds(items: Any, letter: str) -> bool:
    negated, found = False, False
    for kind, value in items:
        name = str(kind)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            found |= value == ord(letter)
        elif name == "RANGE":
            found |= value[0] <= ord(letter) <= value[1]
        elif name == "CATEGORY":
            classes = {"CATEGORY_DIGIT": r"\d", "CATEGORY_WORD": r"\w", "CATEGORY_SPACE": r"\s"}
            bare = str(value).replace("_NOT_", "_")
            hit = re.match(classes.get(bare, r"(?!)"), letter) is not None
            found |= hit != (bare != str(value))
    return found != negated


def texts(parts: Any, head: str = "") -> Iterator[tuple[str, str]]:
    """(head, pump) for each repetition of a parsed pattern, inner ones first."""
    for kind, value in parts:
        name = str(kind)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            yield from texts(value[2], head)
            if int(value[1]) > 10:
                for many in (1, 2):
                    pump = said(value[2], many)
                    if pump:
                        yield head, pump
        elif name == "SUBPATTERN":
            yield from texts(value[3], head)
        elif name == "BRANCH":
            for each in value[1]:
                yield from texts(each, head)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from texts(value[1], head)
        head += _part(name, value, 1)


def took(compiled: re.Pattern[str], text: str) -> float:
    """CPU seconds of the slowest way to apply a pattern."""
    begun = time.process_time()
    compiled.match(text)
    compiled.fullmatch(text)
    middle = time.process_time()
    if middle - begun > LONG:
        return middle - begun
    compiled.search(text)
    return max(middle - begun, time.process_time() - middle)


def grown(compiled: re.Pattern[str], head: str, pump: str, tail: str) -> tuple[int, int] | None:
    """(few, many) where the time multiplies with a few more repetitions, else with four times as many."""
    before: dict[int, float] = {}
    for times in LADDER:
        before[times] = took(compiled, head + pump * times + tail)
        if before[times] > LONG:
            few = times - STEP
            return (few, times) if before[times] > GROWTH * max(before.get(few, 0.0), 1e-5) else None
    last = 0.0
    for times in MANY_MORE:
        now = took(compiled, head + pump * times + tail)
        if now > LONG:
            return (times // 4, times) if now > 8 * max(last, 1e-4) else None
        last = now
    return None


def main() -> None:
    """Try every pattern; a line for the first text that grows one."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    for pattern in json.load(sys.stdin):
        try:
            compiled, parsed = re.compile(pattern), parser.parse(pattern)
        except (re.error, RecursionError, OverflowError):
            continue
        found = next(_attacks(compiled, parsed), None)
        if found is not None:
            sys.stdout.write(json.dumps({"pattern": pattern, **found}) + "\n")
            sys.stdout.flush()


def _attacks(compiled: re.Pattern[str], parsed: Any) -> Iterator[dict[str, str | int]]:
    for head, pump in dict.fromkeys(texts(parsed)):
        for tail in TAILS:
            sizes = grown(compiled, head, pump, tail)
            if sizes is not None:
                yield {"head": head, "pump": pump, "tail": tail, "few": sizes[0], "many": sizes[1]}


if __name__ == "__main__":
    main()
