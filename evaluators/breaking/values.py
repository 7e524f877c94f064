"""Compares two schemas of one value, in the direction in which it travels.

What is sent may be accepted more widely and never more narrowly; what is answered
may be narrowed and never widened. The two are contravariant, so every comparison
here knows its way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from evaluators.breaking.difference import READERS, SENDERS, Difference
from evaluators.contract.node import Node
from evaluators.contract.parts import Json
from evaluators.contract.shapes import Facets, facets, flattened, shape_of

REQUEST, RESPONSE = "request", "response"

_WIDER = {"int32": ("int64",), "float": ("double",)}
"""Format -> formats that hold all its values."""


@dataclass(frozen=True)
class _Pair:
    """Two schemas of one value. `label` names it for people and for fingerprints."""

    before: Node
    after: Node
    way: str
    label: str


class Comparison:
    """Compares pairs of schemas, each pair once a way, however often it is referred to."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, int, str]] = set()

    def compare(self, before: Node, after: Node, way: str, label: str) -> Iterator[Difference]:
        """The differences below a pair of schemas."""
        pending = deque([_Pair(before, after, way, label)])
        while pending:
            pair = _named(pending.popleft())
            key = (id(pair.before.followed().value), id(pair.after.followed().value), pair.way)
            if key in self._seen:
                continue
            self._seen.add(key)
            scalars = list(_scalars(pair))
            yield from scalars
            if any(each.kind == "value-type-changed" for each in scalars):
                continue
            yield from _objects(pair)
            yield from _alternatives(pair)
            pending += _below(pair)


def _named(pair: _Pair) -> _Pair:
    """A pair under the name of its component, where it is one."""
    end = pair.after.followed() if pair.after.reference else pair.after
    if end.tokens[:2] == ("components", "schemas") and len(end.tokens) == 3:
        return _Pair(pair.before, pair.after, pair.way, end.name)
    return pair


def _below(pair: _Pair) -> Iterator[_Pair]:
    """The pairs one step below."""
    before, after = shape_of(pair.before), shape_of(pair.after)
    for found in before.properties:
        other = after.property(found.name)
        if other is not None:
            yield _Pair(found.node, other.node, pair.way, f"{pair.label}.{found.name}")
    for key, mark in (("items", "[]"), ("additionalProperties", "{}")):
        one, two = _inner(pair.before, key), _inner(pair.after, key)
        if one is not None and two is not None:
            yield _Pair(one, two, pair.way, pair.label + mark)
    for one in _choices(pair.before):
        two = next((each for each in _choices(pair.after) if _called(each) == _called(one)), None)
        if two is not None:
            yield _Pair(one, two, pair.way, f"{pair.label}|{_called(one)}")


def _inner(node: Node, key: str) -> Node | None:
    found = (part.get(key) for part in flattened(node)[0])
    return next((each for each in found if each is not None and isinstance(each.value, dict)), None)


def _choices(node: Node) -> list[Node]:
    """The alternatives that are components, null apart."""
    parts = flattened(node)[0]
    found = [each for part in parts for key in ("oneOf", "anyOf") for each in part.elements(key)]
    return [each for each in found if each.reference is not None]


def _called(node: Node) -> str:
    return node.followed().name


def _flaw(pair: _Pair, kind: str, message: str, at: Node | None = None, name: str = "", hint: str = "") -> Difference:
    symbol = f"{pair.label}.{name}" if name else pair.label
    who = SENDERS if pair.way == REQUEST else READERS
    return Difference(kind, symbol, (at or pair.after).at, message, who, hint)


def _scalars(pair: _Pair) -> Iterator[Difference]:
    """Type, null, format, values, bounds and default of the value itself."""
    before, after = facets(pair.before), facets(pair.after)
    narrow, wide = (before, after) if pair.way == REQUEST else (after, before)
    lost = _types_lost(narrow, wide)
    if lost:
        how = f"{_types(before)} before and {_types(after)} now"
        yield _flaw(pair, "value-type-changed", f"{pair.label} was {how}.")
        return
    if pair.way == REQUEST and before.nullable and not after.nullable and after.types:
        yield _flaw(pair, "null-no-longer-taken", f"{pair.label} may no longer be null.")
    if pair.way == RESPONSE and after.nullable and not before.nullable and before.types:
        yield _flaw(pair, "null-newly-answered", f"{pair.label} may now be null.")
    if wide.format and narrow.format != wide.format and wide.format not in _WIDER.get(narrow.format or "", ()):
        said = f"{before.format or 'no format'} before and {after.format or 'no format'} now"
        yield _flaw(pair, "value-format-changed", f"{pair.label} had {said}.")
    yield from _values(pair, before, after)
    yield from _bounds(pair, before, after)
    old, new = _default(pair.before), _default(pair.after)
    if pair.way == REQUEST and old != new and old is not None:
        yield _flaw(pair, "default-changed", f"The default of {pair.label} was {_short(old)} and is {_short(new)}.")


def _types_lost(narrow: Facets, wide: Facets) -> set[str]:
    """Types of `narrow` that `wide` does not hold."""
    if not wide.types:
        return set()
    if not narrow.types:
        return {"any"} if narrow.enum is None else set()
    held = wide.types | ({"integer"} if "number" in wide.types else set())
    return set(narrow.types - held)


def _types(said: Facets) -> str:
    return " or ".join(sorted(said.types)) or "any type"


def _values(pair: _Pair, before: Facets, after: Facets) -> Iterator[Difference]:
    """Enumerated values."""
    if pair.way == REQUEST and after.enum is not None:
        lost = [value for value in before.enum or () if value not in after.enum]
        if before.enum is None:
            yield _flaw(pair, "value-no-longer-taken", f"{pair.label} may now be one of a few values only.")
        elif lost:
            message = f"{pair.label} may no longer be {', '.join(map(_short, lost[:5]))}."
            yield _flaw(pair, "value-no-longer-taken", message)
    if pair.way == RESPONSE and before.enum is not None:
        new = [value for value in after.enum or () if value not in before.enum]
        if after.enum is None:
            yield _flaw(pair, "value-newly-answered", f"{pair.label} may now be any value, not only those listed.")
        elif new:
            yield _flaw(pair, "value-newly-answered", f"{pair.label} may now be {', '.join(map(_short, new[:5]))}.")


_UPPER = (("maxLength", "max_length"), ("maximum", "maximum"), ("maxItems", "max_items"))
_LOWER = (("minLength", "min_length"), ("minimum", "minimum"))


def _bounds(pair: _Pair, before: Facets, after: Facets) -> Iterator[Difference]:
    """Lengths, ranges, patterns, steps."""
    narrow, wide = (before, after) if pair.way == REQUEST else (after, before)
    kind = "request-bound-tightened" if pair.way == REQUEST else "response-bound-loosened"
    for keys, sign in ((_UPPER, 1), (_LOWER, -1)):
        for name, field in keys:
            low, high = getattr(narrow, field), getattr(wide, field)
            # A value of the narrow side that lies beyond the wide side's bound breaks somebody.
            if high is None or (low is not None and low * sign <= high * sign):
                continue
            told = "request-bound-added" if pair.way == REQUEST and low is None else kind
            old, new = getattr(before, field), getattr(after, field)
            message = f"{name} of {pair.label} was {_bound(old)} and is {_bound(new)}."
            yield _flaw(pair, told, message, name=name)
    if pair.way == REQUEST and after.pattern and after.pattern != before.pattern:
        yield _flaw(pair, "request-pattern-changed", f"{pair.label} must now match {after.pattern[:60]}.")
    if pair.way == REQUEST and after.multiple_of and after.multiple_of != before.multiple_of:
        message = f"{pair.label} must now be a multiple of {after.multiple_of}."
        yield _flaw(pair, "request-bound-tightened", message, name="multipleOf")


def _bound(value: int | float | None) -> str:
    return "unset" if value is None else str(value)


def _default(node: Node) -> Json:
    return next((part.raw("default") for part in flattened(node)[0] if part.has("default")), None)


def _short(value: Json) -> str:
    return "unset" if value is None else str(value)[:40]


def _objects(pair: _Pair) -> Iterator[Difference]:
    """Properties that came, went, or are needed otherwise."""
    before, after = shape_of(pair.before), shape_of(pair.after)
    if not before.properties:
        return
    closed = _closed(pair.after)
    for found in before.properties:
        other = after.property(found.name)
        one_way = found.facets.read_only if pair.way == REQUEST else found.facets.write_only
        if one_way or (not after.properties and pair.way == REQUEST and not closed):
            continue
        where = f"{found.name} of {pair.label}"
        if other is None:
            hint = _renamed(pair, found.name)
            if pair.way == REQUEST:
                kind = "request-property-refused" if closed else "request-property-ignored"
                word = "refused" if closed else "no longer described"
            else:
                kind = "response-property-removed" if found.required else "optional-response-property-removed"
                word = "no longer answered"
            yield _flaw(pair, kind, f"{where} is {word}.", name=found.name, hint=hint)
        elif pair.way == RESPONSE and found.required and not other.required:
            message = f"{where} was always answered and may now be missing."
            yield _flaw(pair, "response-property-now-optional", message, other.node, found.name)
        elif pair.way == REQUEST and other.required and not found.required and not other.facets.read_only:
            yield _flaw(pair, "input-newly-required", f"{where} must now be sent.", other.node, found.name)
    if pair.way == REQUEST:
        for new in after.properties:
            if new.required and before.property(new.name) is None and not new.facets.read_only:
                message = f"{new.name} of {pair.label} is new and must be sent."
                yield _flaw(pair, "input-newly-required", message, new.node, new.name)
        if closed and not _closed(pair.before):
            message = f"{pair.label} now refuses properties that it does not name."
            yield _flaw(pair, "request-object-closed", message)


def _closed(node: Node) -> bool:
    keys = ("additionalProperties", "unevaluatedProperties")
    return any(part.raw(key) is False for part in flattened(node)[0] for key in keys)


def _renamed(pair: _Pair, name: str) -> str:
    """What a property that went may be called now: the one new property of its type."""
    before, after = shape_of(pair.before), shape_of(pair.after)
    gone = before.property(name)
    new = [each for each in after.properties if before.property(each.name) is None]
    alike = [each for each in new if gone is not None and each.facets.types == gone.facets.types]
    return f"It may be called {alike[0].name} now: keep both for a while." if len(alike) == 1 else ""


def _alternatives(pair: _Pair) -> Iterator[Difference]:
    """Alternatives that came or went."""
    before, after = _choices(pair.before), _choices(pair.after)
    old, new = {_called(each): each for each in before}, {_called(each): each for each in after}
    if not old or not new:
        return
    if pair.way == REQUEST:
        for name in old.keys() - new.keys():
            message = f"{pair.label} may no longer be a {name}."
            yield _flaw(pair, "alternative-no-longer-taken", message, name=name)
    else:
        for name in sorted(new.keys() - old.keys()):
            message = f"{pair.label} may now be a {name}."
            yield _flaw(pair, "alternative-newly-answered", message, new[name], name)
