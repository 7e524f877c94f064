"""A contract's schema as words and rows: references followed inside the draft, circles named and not followed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from web.show.plain import one_line, visible

if TYPE_CHECKING:
    from evaluators.contract.node import Node

DEEPEST = 6
"""Levels of a schema that are unfolded."""

MOST_FIELDS = 300
"""Fields of one schema that are shown, over all levels."""

LONGEST_EXAMPLE = 6_000
"""Characters of an example that are shown."""

_BOUNDS = (
    ("minimum", "≥ {}"), ("exclusiveMinimum", "> {}"), ("maximum", "≤ {}"), ("exclusiveMaximum", "< {}"),
    ("multipleOf", "multiple of {}"), ("minLength", "at least {} characters"), ("maxLength", "at most {} characters"),
    ("pattern", "matches {}"), ("minItems", "at least {} items"), ("maxItems", "at most {} items"),
    ("minProperties", "at least {} properties"), ("maxProperties", "at most {} properties"),
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One row of a schema."""

    name: str
    type: str
    required: bool
    depth: int
    description: str = ""
    bounds: tuple[str, ...] = ()
    reference: str = ""
    """The name of the shared schema behind it, or empty."""


@dataclass(frozen=True)
class Shape:
    """A schema: its own words, then its fields in order, each with its depth from 0."""

    type: str
    description: str
    bounds: tuple[str, ...]
    fields: tuple[Field, ...]
    reference: str = ""
    cut: bool = False
    """Whether there are more fields or levels than are shown."""


def shape(node: Node) -> Shape:
    """A schema for the page."""
    end = node.followed()
    rows = _Rows()
    rows.add(end, 0, (end.pointer,))
    return Shape(
        type_of(end),
        one_line(end.text("description"), 1_000),
        bounds_of(end),
        tuple(rows.fields),
        name_of(node),
        rows.cut,
    )


def name_of(node: Node) -> str:
    """The last part of a reference: `User` of `#/components/schemas/User`; empty where there is none."""
    return one_line((node.reference or "").rpartition("/")[2], 80)


class _Rows:
    """Collects the rows of one schema."""

    def __init__(self) -> None:
        self.fields: list[Field] = []
        self.cut = False

    def add(self, schema: Node, depth: int, above: tuple[str, ...]) -> None:
        """The fields of a schema whose references were followed; `above` are the schemas around it."""
        for part in _parts(schema):
            required = set(part.texts("required"))
            for name, written in part.items("properties"):
                self._field(one_line(name, 120), written, name in required, depth, above)
            extra = part.get("additionalProperties")
            if extra is not None and isinstance(extra.value, dict):
                self._field("any other name", extra, False, depth, above)

    def _field(self, name: str, written: Node, required: bool, depth: int, above: tuple[str, ...]) -> None:
        """One field and what is in it."""
        if len(self.fields) >= MOST_FIELDS:
            self.cut = True
            return
        end = written.followed()
        inner = _inner(end)
        circle = inner.pointer in above
        note = ("the same again",) if circle else ()
        self.fields.append(
            Field(
                name,
                type_of(written),
                required,
                depth,
                one_line(end.text("description"), 600),
                (*bounds_of(end), *note),
                name_of(written) or name_of(_inner_written(end)),
            )
        )
        if circle or not any(True for part in _parts(inner) for _ in part.items("properties")):
            return
        if depth + 1 >= DEEPEST:
            self.cut = True
            return
        self.add(inner, depth + 1, (*above, inner.pointer))


def _parts(schema: Node) -> Iterator[Node]:
    """The schema and what `allOf` adds to it; each once, however they refer to each other."""
    seen: set[str] = set()
    waiting = [schema]
    while waiting and len(seen) < 50:
        part = waiting.pop(0)
        if part.pointer + part.path in seen:
            continue
        seen.add(part.pointer + part.path)
        yield part
        waiting += [each.followed() for each in part.elements("allOf")]


def _inner(schema: Node) -> Node:
    """What a list is made of, else the schema itself; lists of lists as well."""
    for _ in range(5):
        items = schema.get("items")
        if items is None or not isinstance(items.value, dict):
            return schema
        schema = items.followed()
    return schema


def _inner_written(schema: Node) -> Node:
    """A list's items as they are written."""
    items = schema.get("items")
    return items if items is not None else schema


def type_of(node: Node) -> str:
    """The type in words: `string (uuid)`, `list of User`, `one of A, B`, `User or null`."""
    return one_line(_type(node, 0), 160)


def _type(node: Node, depth: int) -> str:
    """The same, to a depth."""
    if depth > 4:
        return "…"
    end = node.followed()
    if name_of(node) and end is not node:
        return name_of(node)
    value = end.raw("type")
    kinds = [value] if isinstance(value, str) else [each for each in value if isinstance(each, str)] if value else []
    kinds = [str(kind) for kind in kinds]
    if end.flag("nullable") and "null" not in kinds:
        kinds.append("null")
    words = []
    for kind in kinds:
        items = end.get("items")
        if kind == "array" and items is not None and isinstance(items.value, dict):
            words.append(f"list of {_type(items, depth + 1)}")
        elif kind == "string" and end.text("format"):
            words.append(f"string ({end.text('format')})")
        else:
            words.append("list" if kind == "array" else kind)
    for key in ("oneOf", "anyOf"):
        options = [_type(each, depth + 1) for each in end.elements(key)][:8]
        if options:
            words.append(" or ".join(options))
    if not words and (end.has("properties") or end.has("allOf")):
        names = [name_of(each) for each in end.elements("allOf") if name_of(each)]
        words.append(" and ".join(names) or "object")
    return " or ".join(words) or ("constant" if end.has("const") else "anything")


def bounds_of(node: Node) -> tuple[str, ...]:
    """What limits a value, in words."""
    found = []
    if node.has("enum"):
        values = node.raw("enum")
        listed = [_json(each, 60) for each in values][:30] if isinstance(values, list) else []
        found.append("one of " + ", ".join(listed))
    if node.has("const"):
        found.append(f"always {_json(node.raw('const'), 80)}")
    for key, words in _BOUNDS:
        value = node.raw(key)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            found.append(words.format(one_line(str(value), 120)))
    if node.flag("uniqueItems"):
        found.append("no value twice")
    if node.has("default"):
        found.append(f"default {_json(node.raw('default'), 80)}")
    found += [word for key, word in (("readOnly", "read only"), ("writeOnly", "write only")) if node.flag(key)]
    return tuple(found)


def example_of(media: Node, schema: Node | None) -> tuple[str, bool]:
    """An example of a body as JSON, and whether it was made up from the schema."""
    given = [media.raw("example")] if media.has("example") else []
    given += [each.followed().raw("value") for _, each in media.items("examples")]
    if schema is not None:
        end = schema.followed()
        given += [end.raw("example")] if end.has("example") else []
        given += [each.value for each in end.elements("examples")]
    if given:
        return _json(given[0], LONGEST_EXAMPLE, indent=2), False
    if schema is None:
        return "", False
    return _json(_sample(schema, (), ""), LONGEST_EXAMPLE, indent=2), True


def _sample(node: Node, above: tuple[str, ...], name: str) -> Any:
    """A plausible value of a schema."""
    end = node.followed()
    for key in ("example", "const", "default"):
        if end.has(key):
            return end.raw(key)
    listed = end.raw("enum") or end.raw("examples")
    if isinstance(listed, list) and listed:
        return listed[0]
    if end.pointer in above or len(above) > DEEPEST:
        return None
    inside = (*above, end.pointer)
    options = [*end.elements("oneOf"), *end.elements("anyOf")]
    properties = {
        key: _sample(each, inside, key) for part in _parts(end) for key, each in list(part.items("properties"))[:60]
    }
    if properties:
        return properties
    if options:
        return _sample(options[0], inside, name)
    items = end.get("items")
    if items is not None:
        return [_sample(items, inside, name)]
    kind = end.raw("type")
    kind = next((each for each in kind if each != "null"), "null") if isinstance(kind, list) else kind
    return _plain(str(kind), end)


def _plain(kind: str, node: Node) -> Any:
    """A value of a plain type."""
    if kind in ("integer", "number"):
        return node.number("minimum") if node.number("minimum") is not None else 1
    texts = {
        "uuid": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "date-time": "2026-01-31T12:00:00Z", "date": "2026-01-31",
        "email": "ann@example.com", "uri": "https://example.com/", "time": "12:00:00Z",
    }  # fmt: skip
    if kind == "string":
        return texts.get(node.text("format"), "text")
    return {"boolean": True, "object": {}, "array": []}.get(kind)


def _json(value: Any, most: int, indent: int | None = None) -> str:
    """A value as JSON, visible, at most so many characters."""
    try:
        text = visible(json.dumps(value, ensure_ascii=False, indent=indent, default=str))
    except (ValueError, RecursionError):
        return "…"
    return text if len(text) <= most else f"{text[:most]}…"
