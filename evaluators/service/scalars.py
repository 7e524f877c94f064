"""Values for one place that holds no object and no array, as its schema and its name ask for. Deterministic."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterator
from typing import Any

from evaluators.contract.node import Node
from evaluators.contract.shapes import Facets
from evaluators.service.regexes import matching

MAIL = re.compile(r"e-?mail", re.IGNORECASE)
PAST = re.compile(r"birth|born|since|past|taken|issued|spent|worked|started|paid|received", re.IGNORECASE)
TIME = re.compile(r"(_at|At|_on|date|Date|time|Time|until|Until|from|From|start|end)$|^(date|time|start|end)")
FRESH = re.compile(r"idempot|nonce|request[_-]?id", re.IGNORECASE)
"""What must be another one each time."""
SOON = 7
"""Days from today: for what may not be far ahead, where a service looks at its clock."""


class Clock:
    """Times that rise with each call, so that an end comes after its start."""

    def __init__(self, today: datetime.date | None = None) -> None:
        self._hours = itertools.count()
        self._today = today or datetime.datetime.now(datetime.UTC).date()

    def times(self, name: str) -> list[str]:
        """An hour later than the last: in a far year, soon, and in the past."""
        hours = next(self._hours)
        rest = f"T{10 + hours % 12:02d}:00:00Z"
        return [f"{day.isoformat()}{rest}" for day in self._days(name, hours // 12)]

    def days(self, name: str) -> list[str]:
        """The same for days, each a day later than the last."""
        return [day.isoformat() for day in self._days(name, next(self._hours) % 20)]

    def _days(self, name: str, later: int) -> list[datetime.date]:
        far = datetime.date(2030, 1, 2) + datetime.timedelta(later)
        soon = self._today + datetime.timedelta(SOON + later)
        past = datetime.date(2024, 1, 2) + datetime.timedelta(later)
        return [past, far, soon] if PAST.search(name) else [far, soon, past]


def scalars(schema: Node, kind: Facets, name: str, clock: Clock, unique: str) -> Iterator[Any]:
    """Values for a place, likeliest first."""
    end = schema.followed()
    if kind.enum:
        yield from kind.enum
        return
    if "boolean" in kind.types:
        yield from (True, False)
        return
    if kind.types & {"integer", "number"} and "string" not in kind.types:
        yield from _numbers(end, kind)
    else:
        yield from (text for text in _texts(end, kind, name, clock, unique) if _allowed(text, kind))
    if kind.nullable:
        yield None


def _numbers(end: Node, kind: Facets) -> Iterator[int | float]:
    """Small numbers inside the bounds, the contract's example first."""
    step = kind.multiple_of or 1
    low = kind.minimum if kind.minimum is not None else 1
    if low == 0:
        low = step
    top = [kind.maximum] if kind.maximum is not None else []
    for value in (*examples_of(end), low, low + step, low + 9 * step, 100 * step, *top, 0):
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if (kind.maximum is None or value <= kind.maximum) and (kind.minimum is None or value >= kind.minimum):
            yield int(value) if "integer" in kind.types or float(value).is_integer() else value


def examples_of(schema: Node) -> list[Any]:
    """The examples that a schema states, and its default."""
    end = schema.followed()
    found = [end.raw(key) for key in ("example", "default") if end.has(key)]
    several = end.raw("examples") if end.has("examples") else None
    return found + (list(several) if isinstance(several, list) else [])


def _texts(end: Node, kind: Facets, name: str, clock: Clock, unique: str) -> Iterator[Any]:
    """Texts that a format, a pattern or a name asks for, then plain ones, then the contract's examples."""
    if kind.format in ("date-time", "date"):
        yield from clock.times(name) if kind.format == "date-time" else clock.days(name)
        return
    if FRESH.search(name):
        yield from _named(name, unique)
    if kind.format == "email" or MAIL.search(name):
        yield f"{unique}.new@example.com"
    elif kind.format == "password" or "password" in name.lower():
        yield "Correct-Horse-9-Battery"
    elif kind.format in _FORMATS:
        yield _FORMATS[kind.format].format(unique=unique)
    yield from _named(name, unique)
    if TIME.search(name):
        yield from clock.times(name)
    if kind.pattern:
        yield from _formed(kind.pattern, kind.min_length or 0, unique)
        yield from examples_of(end)
    # A text of its own before the example: an example may be taken already.
    least = kind.min_length or 0
    text = f"Example {unique}"
    yield text if len(text) >= least else text + "x" * (least - len(text))
    yield f"example-{unique}"
    yield from examples_of(end)
    yield from ("EUR", "Etc/UTC", unique, unique[:2], "x" * max(least, 1))


_FORMATS = {
    "time": "10:00:00",
    "uuid": "a0000000-0000-4000-8000-000000000009",
    "uri": "https://example.com/{unique}",
    "url": "https://example.com/{unique}",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "example.com",
    "duration": "PT1H",
    "byte": "ZXhhbXBsZQ==",
    "decimal": "1.00",
}
_NAMES = (
    (FRESH, ("0000{hex}-0000-4000-8000-0000000000aa",)),
    (re.compile(r"currency", re.IGNORECASE), ("EUR", "eur")),
    (re.compile(r"country", re.IGNORECASE), ("DE", "DEU")),
    (re.compile(r"lang|locale", re.IGNORECASE), ("en", "en-US")),
    (re.compile(r"time_?zone|^tz$", re.IGNORECASE), ("Etc/UTC", "Europe/Berlin")),
    (re.compile(r"phone|mobile", re.IGNORECASE), ("+15550100123",)),
    (re.compile(r"url|link|website|webhook|callback", re.IGNORECASE), ("https://example.com/{unique}",)),
    (re.compile(r"slug", re.IGNORECASE), ("example-{unique}",)),
    (re.compile(r"user_?name|handle|nick|login", re.IGNORECASE), ("example{unique}", "example_{unique}")),
    (re.compile(r"colou?r", re.IGNORECASE), ("#336699",)),
)
"""What a name asks for where the contract gives no form; a code that checks more than its contract says is common."""


def _named(name: str, unique: str) -> Iterator[str]:
    digits = "".join(str(ord(letter) % 10) for letter in unique)[-4:].rjust(4, "0")
    for pattern, texts in _NAMES:
        if pattern.search(name):
            yield from (text.format(unique=unique, hex=digits) for text in texts)
            return


def _formed(pattern: str, least: int, unique: str) -> Iterator[str]:
    """Texts of a form that are one's own, then the shortest one."""
    for text in (f"example-{unique}", f"example{unique}", f"example_{unique}", unique, f"x{unique}"):
        yield from (text, text.upper(), text.capitalize())
    found = matching(pattern, least)
    if found is None:
        return
    digits = "".join(str(ord(letter) % 10) for letter in unique)
    for tail in (unique, unique.upper(), digits, digits[-2:], digits[-1:]):
        if len(tail) <= len(found):
            yield found[: len(found) - len(tail)] + tail
    yield found


def _allowed(text: Any, kind: Facets) -> bool:
    """Whether a text keeps the bounds that can be checked here."""
    return not isinstance(text, str) or within(kind, text) is not False


def within(kind: Facets, text: str) -> bool | None:
    """Whether a text keeps the bounds of the contract; None where its pattern cannot be read here."""
    if kind.max_length is not None and len(text) > kind.max_length:
        return False
    if kind.min_length is not None and len(text) < kind.min_length:
        return False
    try:
        return kind.pattern is None or re.search(kind.pattern, text) is not None
    except re.error:
        return None
