"""What a Schema Object says of a value, with `$ref`, `allOf` and nullability worked in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar, cast

from evaluators.contract.node import Node
from evaluators.contract.parts import Json

T = TypeVar("T")

MAPS_OF_SCHEMAS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
"""Keywords whose value maps names to schemas."""
LISTS_OF_SCHEMAS = ("allOf", "anyOf", "oneOf", "prefixItems")
"""Keywords whose value lists schemas."""
SCHEMAS = (
    *("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"),
    *("unevaluatedProperties", "unevaluatedItems", "contentSchema"),
)
"""Keywords whose value is a schema."""


@dataclass(frozen=True, slots=True)
class Facets:
    """The bounds that hold for a value; a field is None (or empty) where nothing is said."""

    types: frozenset[str] = frozenset()
    """JSON types, without `null`."""
    nullable: bool = False
    format: str | None = None
    pattern: str | None = None
    enum: tuple[Json, ...] | None = None
    """The allowed values, without null; a `const` is an enum of one."""
    min_length: int | None = None
    max_length: int | None = None
    minimum: int | float | None = None
    """Inclusive lower bound; an exclusive bound of an integer is moved by one."""
    maximum: int | float | None = None
    multiple_of: int | float | None = None
    max_items: int | None = None
    read_only: bool = False
    write_only: bool = False
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a shape."""

    name: str
    node: Node
    """Where the property is written (before its `$ref` is followed)."""
    facets: Facets
    required: bool
    column: str | None
    """Its `x-column`."""


@dataclass(frozen=True)
class Shape:
    """A schema as an object: its own properties and those of its `$ref` and `allOf`."""

    called: str
    """The component's name; empty for a schema that is written in place."""
    node: Node
    table: str | None
    """Its `x-table`."""
    properties: tuple[Property, ...]
    required: frozenset[str]

    @cached_property
    def name(self) -> str:
        """The component's name, or the pointer of a schema written in place."""
        return self.called or self.node.pointer

    def property(self, name: str) -> Property | None:
        """The property of that name, or None."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Property]:
        return {found.name: found for found in self.properties}

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of its properties."""
        return frozenset(self._by_name)


def flattened(node: Node) -> tuple[list[Node], bool]:
    """The schemas that all hold for a value (itself, `$ref`, `allOf`), and whether null is allowed.

    An `anyOf` or `oneOf` of one schema and `null` counts as that schema, nullable.
    """
    value = node.value
    if type(value) is not dict:
        return _flattened(node)
    memo = node.files.flattened
    known = memo.get(id(value))
    if known is None:
        known = memo[id(value)] = _flattened(node)
    return cast("tuple[list[Node], bool]", known)


_COMBINES = ("$ref", "allOf", "anyOf", "oneOf")
_COMBINES_SET = frozenset(_COMBINES)


def _flattened(node: Node) -> tuple[list[Node], bool]:
    value = node.value
    if type(value) is dict:
        if _COMBINES_SET.isdisjoint(value):
            kind = value.get("type")
            null = kind == "null" or (type(kind) is list and "null" in kind)
            return [node], null or value.get("nullable") is True
        end = _meant(node)
        if end is not node and isinstance(end.value, dict) and "$ref" not in end.value:
            below, nullable = flattened(end)
            return [node, *below], nullable
    parts: list[Node] = []
    nullable = False
    seen: set[int] = set()
    pending = deque([node])
    while pending:
        part = pending.popleft()
        if not isinstance(part.value, dict) or id(part.value) in seen:
            continue
        seen.add(id(part.value))
        parts.append(part)
        target = part.target()
        if target is not None:
            pending.append(target)
        pending.extend(part.elements("allOf"))
        for keyword in ("anyOf", "oneOf"):
            choices = list(part.elements(keyword))
            others = [choice for choice in choices if not _is_null(choice)]
            if len(others) == 1 and len(others) < len(choices):
                nullable = True
                pending.append(others[0])
            elif len(choices) == 1:
                pending.append(choices[0])
    nullable = nullable or any(part.flag("nullable") or "null" in _types(part) for part in parts)
    return parts, nullable


def _is_null(node: Node) -> bool:
    only_null = node.has("const") and node.raw("const") is None
    return only_null or node.raw("type") == "null" or node.raw("enum") == [None]


def _types(node: Node) -> tuple[str, ...]:
    """The schema's own `type` as a tuple."""
    return (node.text("type"),) if node.text("type") else node.texts("type")


def facets(node: Node) -> Facets:
    """The bounds that a schema puts on a value."""
    return _once(node.files.facets, node, _facets)


def _meant(node: Node) -> Node:
    """What a mere reference refers to, so that it is worked out once however often it is referred to."""
    value = node.value
    if type(value) is dict and len(value) == 1 and "$ref" in value:
        return node.followed()
    return node


def _once(memo: dict[int, Any], node: Node, build: Callable[[Node], T]) -> T:
    """`build` of what a node means, worked out once for each mapping."""
    value = node.value
    if type(value) is dict and len(value) == 1 and "$ref" in value:
        node = node.followed()
        value = node.value
    if type(value) is not dict:
        return build(node)
    known: T | None = memo.get(id(value))
    if known is None:
        known = memo[id(value)] = build(node)
    return known


_SAID = frozenset(
    (
        *("type", "nullable", "format", "pattern", "enum", "const", "minLength", "maxLength", "minimum", "maximum"),
        *("exclusiveMinimum", "exclusiveMaximum", "multipleOf", "maxItems", "readOnly", "writeOnly", "default"),
    )
)
"""The keys that facets are read from."""


def _facets(node: Node) -> Facets:
    parts, nullable = flattened(node)
    if len(parts) != 1:
        return _joined(parts, nullable)
    # Most schemas say one of a few things, so what says the same shares one value.
    said = tuple([(key, type(value), value) for key, value in parts[0].value.items() if key in _SAID])
    alike = node.files.alike
    try:
        known = alike.get(said)
    except TypeError:
        return _joined(parts, nullable)
    if known is None:
        known = alike[said] = _joined(parts, nullable)
    return cast(Facets, known)


def _joined(parts: list[Node], nullable: bool) -> Facets:
    """The bounds that several schemas put on a value together."""
    types = [frozenset(_types(part)) - {"null"} for part in parts if _types(part)]
    kinds = frozenset.intersection(*types) if types else frozenset()
    whole = kinds == {"integer"}
    return Facets(
        types=kinds,
        nullable=nullable,
        format=_first(part.text("format") for part in parts),
        pattern=_first(part.text("pattern") for part in parts),
        enum=_enum(parts),
        min_length=_int(_most(parts, "minLength")),
        max_length=_int(_least(parts, "maxLength")),
        minimum=_bound(parts, "minimum", "exclusiveMinimum", whole),
        maximum=_bound(parts, "maximum", "exclusiveMaximum", whole),
        multiple_of=_least(parts, "multipleOf"),
        max_items=_int(_least(parts, "maxItems")),
        read_only=any(part.flag("readOnly") for part in parts),
        write_only=any(part.flag("writeOnly") for part in parts),
        has_default=any(part.has("default") for part in parts),
    )


def _first(texts: Iterable[str]) -> str | None:
    return next((text for text in texts if text), None)


def _numbers(parts: list[Node], key: str) -> list[int | float]:
    return [number for part in parts if (number := part.number(key)) is not None]


def _least(parts: list[Node], key: str) -> int | float | None:
    return min(_numbers(parts, key), default=None)


def _most(parts: list[Node], key: str) -> int | float | None:
    return max(_numbers(parts, key), default=None)


def _int(number: int | float | None) -> int | None:
    return None if number is None else int(number)


def _enum(parts: list[Node]) -> tuple[Json, ...] | None:
    """The narrowest list of allowed values, without null."""
    found: list[Json] | None = None
    for part in parts:
        given = [part.raw("const")] if part.has("const") else part.raw("enum")
        if isinstance(given, list):
            found = given if found is None else [value for value in found if value in given]
    return None if found is None else tuple(value for value in found if value is not None)


def _bound(parts: list[Node], key: str, exclusive: str, whole: bool) -> int | float | None:
    """The tightest inclusive bound of a number."""
    step = (1 if key == "minimum" else -1) if whole else 0
    found: list[int | float] = []
    for part in parts:
        inclusive, strict = part.number(key), part.number(exclusive)
        if inclusive is not None:
            found.append(inclusive + step if part.flag(exclusive) else inclusive)
        if strict is not None:
            found.append(strict + step)
    return (max if key == "minimum" else min)(found, default=None)


def shape_of(node: Node, name: str = "") -> Shape:
    """A schema as an object."""
    shape = _once(node.files.shapes, node, _shape_of)
    return replace(shape, called=name, node=node) if name else shape


def _shape_of(node: Node) -> Shape:
    parts, _ = flattened(node)
    if len(parts) == 1 and "properties" not in parts[0].value:
        required = frozenset(parts[0].texts("required"))
        return Shape("", node, parts[0].text("x-table") or None, (), required)
    required = frozenset(text for part in parts for text in part.texts("required"))
    places: dict[str, Node] = {}
    for part in parts:
        for key, child in part.items("properties"):
            places.setdefault(key, child)
    made = tuple(
        Property(key, child, facets(child), key in required, _extension(child, "x-column"))
        for key, child in places.items()
    )
    table = next((part.text("x-table") for part in parts if part.text("x-table")), None)
    return Shape("", node, table, made, required)


def _extension(node: Node, key: str) -> str | None:
    """An extension of a property: its own, or that of what it refers to or combines."""
    parts, _ = flattened(node)
    return next((text for part in parts if (text := part.text(key))), None)


def speaks_of(node: Node, *keys: str) -> bool:
    """Whether a schema has one of the keywords, or combines others that may; a quick look before its parts."""
    value = node.value
    return type(value) is dict and (any(key in value for key in keys) or not _COMBINES_SET.isdisjoint(value))


def subschemas(node: Node) -> Iterator[Node]:
    """The schemas written directly inside a schema, references not followed."""
    for keyword in MAPS_OF_SCHEMAS:
        for _, child in node.items(keyword):
            yield child
    for keyword in LISTS_OF_SCHEMAS:
        yield from node.elements(keyword)
    for keyword in SCHEMAS:
        child_or_none = node.get(keyword)
        if child_or_none is not None and isinstance(child_or_none.value, dict):
            yield child_or_none


def reachable(roots: Iterable[Node]) -> list[Node]:
    """Every schema under the roots, references followed, each place once, nearest first."""
    found: dict[int, Node] = {}
    pending = list(roots)
    while pending:
        following: list[Node] = []
        for node in pending:
            if not isinstance(node.value, dict) or id(node.value) in found:
                continue
            found[id(node.value)] = node
            following.extend(subschemas(node))
            target = node.target()
            if target is not None:
                following.append(target)
        pending = following
    return list(found.values())


def values(roots: Iterable[Node]) -> list[Node]:
    """Every schema under the roots that stands for a whole value, not for a part of an `allOf`.

    Alternatives count unless the schema around them has properties of its own.
    """
    found: dict[int, Node] = {}
    pending = deque(root.followed() for root in roots)
    while pending:
        node = pending.popleft()
        if not isinstance(node.value, dict) or id(node.value) in found:
            continue
        found[id(node.value)] = node
        pending += [each.followed() for each in _inner(node)]
    return list(found.values())


_INNER = frozenset(("properties", "items", "additionalProperties", *_COMBINES))


def _inner(node: Node) -> Iterator[Node]:
    """The schemas of the values one step below a value."""
    if _INNER.isdisjoint(node.value):
        return
    parts, _ = flattened(node)
    named = False
    for part in parts:
        inner = [child for _, child in part.items("properties")]
        named = named or bool(inner)
        yield from inner
        yield from (child for key in ("items", "additionalProperties") if (child := part.get(key)) is not None)
    if not named:
        yield from (c for part in parts for key in ("anyOf", "oneOf") for c in part.elements(key))
