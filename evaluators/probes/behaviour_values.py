"""Another value for a place of a body, that the contract allows as well, and texts of an exact length."""

from __future__ import annotations

import datetime
import re
from typing import Any

from evaluators.contract.facts import Operation
from evaluators.contract.shapes import Facets, Property, flattened, shape_of
from evaluators.probes.tracing import same_value
from evaluators.service.bodies import Place
from evaluators.service.scalars import within

VERSION = re.compile(r"version|revision|etag|(^|_)rev($|_)|lock", re.IGNORECASE)
SECRET = re.compile(r"passw|pwd|secret|token|pin$|otp|code$", re.IGNORECASE)
FORMED = re.compile(r"mail|phone|url|uri|link|country|currency|locale|lang|zone|mime|media|type$", re.IGNORECASE)
"""Texts that a service may check or rewrite beyond what its contract says."""
LONGEST = 20_000
"""Characters of the longest text that is sent."""


def property_at(operation: Operation, place: Place) -> Property | None:
    """What the contract says of a place of the JSON body; elements of arrays are stepped into."""
    node = operation.sent
    found: Property | None = None
    for part in place:
        if node is None:
            return None
        if isinstance(part, int):
            node = next((item for each in flattened(node)[0] if (item := each.get("items")) is not None), None)
            continue
        found = shape_of(node).property(part)
        node = found.node if found is not None else None
    return found


def facets_at(operation: Operation, place: Place) -> Facets:
    """The bounds of a place of the JSON body."""
    found = property_at(operation, place)
    return found.facets if found is not None else Facets()


def other(kind: Facets, name: str, value: Any) -> Any:
    """A value that differs from `value` and that the contract allows too; None where there is none to be had."""
    if kind.enum:
        return next((each for each in kind.enum if each != value), None)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return _other_number(kind, value)
    if not isinstance(value, str) or SECRET.search(name) or kind.format in ("uuid", "binary", "byte", "password"):
        return None
    return _other_text(kind, name, value)


def _other_number(kind: Facets, value: float) -> Any:
    step = kind.multiple_of or 1
    for changed in (value + step, value - step):
        if (kind.maximum is None or changed <= kind.maximum) and (kind.minimum is None or changed >= kind.minimum):
            return changed
    return None


def _other_text(kind: Facets, name: str, value: str) -> str | None:
    moved = _moved(value)
    if moved is not None:
        return moved
    if kind.format in ("email", "uri", "url") or FORMED.search(name):
        return None
    for changed in (f"{value}x", f"{value[:-1]}x", f"{value[:-1]}X", f"{value[:-1]}7", f"{value[:-1]}0"):
        if changed != value and allowed(kind, changed):
            return changed
    return None


def _moved(value: str) -> str | None:
    """The same time an hour later, or the next day, in the same form; None for a text that is none."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return (datetime.date.fromisoformat(value) + datetime.timedelta(1)).isoformat()
        if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
            later = datetime.datetime.fromisoformat(value[:-1]) + datetime.timedelta(minutes=10)
            return f"{later.isoformat()}Z"
    except (ValueError, OverflowError):
        pass
    return None


def allowed(kind: Facets, text: str) -> bool:
    """Whether a text keeps the bounds of the contract."""
    return within(kind, text) is True


def plain_text(kind: Facets, name: str) -> bool:
    """Whether any text of the right length can stand there."""
    free = kind.pattern is None and kind.format is None and not kind.enum
    return "string" in kind.types and free and not SECRET.search(name) and not FORMED.search(name)


def long_text(length: int, first: str = "a", letters: str = "bcdefghi") -> str:
    """A text of words, exactly so long, with no space at its ends; its last character is seen when it is cut."""
    text = first + (f"{letters} " * (length // (len(letters) + 1) + 1))[: length - 1]
    return text[:-1] + "z" if length > 1 else text[:length]


def moment(value: Any) -> float | None:
    """The instant of a text that is a date or a time, in seconds; None for anything else. A naive time is UTC."""
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d($|[Tt ]\d\d:\d\d)", value):
        return None
    try:
        found = datetime.datetime.fromisoformat(value.strip().upper())
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=datetime.UTC)).timestamp()


def same(one: Any, two: Any) -> bool:
    """Whether two values are one: times as instants, numbers as numbers, texts without case and edges."""
    first, second = moment(one), moment(two)
    if first is not None and second is not None:
        return abs(first - second) < 1
    return same_value(one, two)
