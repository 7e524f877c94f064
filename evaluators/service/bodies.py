"""Values that a contract allows: for each place of a request a few, likeliest first. Deterministic."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from evaluators.contract.node import Node
from evaluators.contract.shapes import Facets, Property, facets, flattened, shape_of
from evaluators.service.regexes import matching
from evaluators.service.request import ABSENT

DEPTH = 6
Place = tuple[str | int, ...]

MAIL = re.compile(r"e-?mail", re.IGNORECASE)


@dataclass
class Slot:
    """One place of a body and what to try there."""

    place: Place
    choices: list[Any]
    """ABSENT among them where the property may be left out."""
    required: bool
    name: str
    schema: Node
    points: str = ""
    """The table whose rows it names."""


@dataclass
class Draft:
    """A body in the making: slots, and which choice of each is taken."""

    slots: list[Slot]
    containers: list[tuple[Place, Any]] = field(default_factory=list)
    """Objects and arrays that must be there, in order."""

    def body(self, taken: dict[Place, int]) -> Any:
        """The body with the choice that `taken` names for each place."""
        from evaluators.service.request import placed

        made: Any = ABSENT
        for place, empty in self.containers:
            made = empty if not place else placed(made, place, empty)
        for slot in self.slots:
            value = slot.choices[taken.get(slot.place, 0) % len(slot.choices)] if slot.choices else ABSENT
            if value is not ABSENT:
                made = value if not slot.place else placed({} if made is ABSENT else made, slot.place, value)
        return made


class Clock:
    """Times that rise with each call, so that an end comes after its start."""

    def __init__(self) -> None:
        self._hours = itertools.count()

    def time(self, year: int = 2030) -> str:
        """An hour later than the last."""
        hours = next(self._hours)
        return f"{year}-01-{2 + hours // 12:02d}T{10 + hours % 12:02d}:00:00Z"

    def day(self, year: int = 2030) -> str:
        """A day later than the last."""
        return f"{year}-01-{2 + next(self._hours) % 26:02d}"


def drafted(schema: Node, rows: Callable[[str, Property | None], list[Any]], unique: str = "a1") -> Draft:
    """Every place of a body that a schema describes.

    Args:
        schema: the body's schema.
        rows: name of a property -> ids of rows that it may name, likeliest first; empty where it names none.
        unique: goes into texts, so that two bodies need not be equal.
    """
    draft = Draft([])
    _walk(schema, (), True, "", draft, rows, Clock(), unique, None)
    return draft


def _walk(
    schema: Node, place: Place, required: bool, name: str, draft: Draft,
    rows: Callable[[str, Property | None], list[Any]], clock: Clock, unique: str, given: Property | None,
) -> None:  # fmt: skip
    kind = facets(schema)
    shape = shape_of(schema) if len(place) <= DEPTH else None
    if shape is not None and (shape.properties or "object" in kind.types) and not kind.enum:
        choice = _variant(schema)
        if not shape.properties and choice is not None:
            _walk(choice, place, required, name, draft, rows, clock, unique, given)
            return
        if shape.properties or required:
            draft.containers.append((place, {}))
        for each in shape.properties:
            if each.facets.read_only or (not each.required and not required and place):
                continue
            _walk(each.node, (*place, each.name), each.required, each.name, draft, rows, clock, unique, each)
        return
    if "array" in kind.types:
        _listed(schema, place, required, name, draft, rows, clock, unique, given)
        return
    named = rows(name, given) if name else []
    choices = named if named else list(dict.fromkeys(_scalars(schema, kind, name, clock, unique)))
    if not required:
        choices.append(ABSENT)
    draft.slots.append(Slot(place, choices, required, name, schema))


def _variant(schema: Node) -> Node | None:
    """The first alternative of a choice between several schemas."""
    for part in flattened(schema)[0]:
        for key in ("oneOf", "anyOf"):
            first = next(iter(part.elements(key)), None)
            if first is not None:
                return first
    return None


def _listed(
    schema: Node, place: Place, required: bool, name: str, draft: Draft,
    rows: Callable[[str, Property | None], list[Any]], clock: Clock, unique: str, given: Property | None,
) -> None:  # fmt: skip
    """An array gets one element; one of strings or ids is a slot of its own."""
    items = next((item for part in flattened(schema)[0] if (item := part.get("items")) is not None), None)
    if items is None or len(place) > DEPTH:
        draft.slots.append(Slot(place, [[], ABSENT] if not required else [[]], required, name, schema))
        return
    inner = facets(items)
    if "object" in inner.types or shape_of(items).properties:
        if required or len(place) <= 1:
            draft.containers.append((place, []))
            _walk(items, (*place, 0), True, name, draft, rows, clock, unique, None)
        return
    named = [[each] for each in rows(name, given)]
    plain = [[each] for each in _scalars(items, inner, name, clock, unique)]
    choices = [*(named or plain), []]
    draft.slots.append(Slot(place, [*choices, *([] if required else [ABSENT])], required, name, schema))


def _scalars(schema: Node, kind: Facets, name: str, clock: Clock, unique: str) -> Iterator[Any]:
    """Values for a place that holds no object and no array."""
    end = schema.followed()
    if kind.enum:
        yield from kind.enum
        return
    if "boolean" in kind.types:
        yield from (True, False)
        return
    if kind.types & {"integer", "number"} and "string" not in kind.types:
        yield from _numbers(end, kind)
        return
    yield from (text for text in _texts(end, kind, name, clock, unique) if _allowed(text, kind))
    if kind.nullable:
        yield None


def _numbers(end: Node, kind: Facets) -> Iterator[int | float]:
    """Small numbers inside the bounds, the contract's example first."""
    step = kind.multiple_of or 1
    example = end.raw("example")
    if isinstance(example, int | float) and not isinstance(example, bool):
        yield example
    low = kind.minimum if kind.minimum is not None else 1
    if low == 0:
        low = step
    for value in (low, low + step, low + 9 * step, 100 * step, 0):
        if (kind.maximum is None or value <= kind.maximum) and (kind.minimum is None or value >= kind.minimum):
            yield int(value) if "integer" in kind.types or float(value).is_integer() else value


def _texts(end: Node, kind: Facets, name: str, clock: Clock, unique: str) -> Iterator[Any]:
    """Texts that a format, a pattern or a name asks for, then the contract's example, then plain ones."""
    if kind.format in ("date-time", "date"):
        made = clock.time if kind.format == "date-time" else clock.day
        past = re.search(r"birth|born|since|past|taken|issued|spent|worked|started|paid", name, re.IGNORECASE)
        yield from (made(2024), made(2030)) if past else (made(2030), made(2024))
        return
    examples = [end.raw(key) for key in ("example", "default") if end.has(key)]
    examples += [value for value in (end.raw("examples") or []) if isinstance(end.raw("examples"), list)]
    formats = {"time": "10:00:00", "uuid": "a0000000-0000-4000-8000-000000000009", "uri": f"https://example.com/{unique}",
               "url": f"https://example.com/{unique}", "ipv4": "192.0.2.1", "hostname": "example.com",
               "duration": "PT1H", "byte": "ZXhhbXBsZQ==", "decimal": "1.00"}  # fmt: skip
    if kind.format == "email" or MAIL.search(name):
        yield f"{unique}.new@example.com"
    elif kind.format == "password" or "password" in name.lower():
        yield "Correct-Horse-9-Battery"
    elif kind.format in formats:
        yield formats[kind.format]
    if kind.pattern:
        yield from examples
        found = matching(kind.pattern, kind.min_length or 0)
        if found is not None:
            yield found
    # A text of its own before the example: an example may be taken already.
    text = f"Example {unique}"
    least = kind.min_length or 0
    yield text if len(text) >= least else text + "x" * (least - len(text))
    yield f"example-{unique}"
    yield from examples
    yield "EUR"
    yield "Etc/UTC"
    yield "x" * max(least, 1)


def _allowed(text: Any, kind: Facets) -> bool:
    """Whether a text keeps the bounds that can be checked here."""
    if not isinstance(text, str):
        return True
    if kind.max_length is not None and len(text) > kind.max_length:
        return False
    if kind.min_length is not None and len(text) < kind.min_length:
        return False
    try:
        return kind.pattern is None or re.search(kind.pattern, text) is not None
    except re.error:
        return True
