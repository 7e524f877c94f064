"""One walk over everything that a contract writes: what is a schema, what is a keyword, what refers to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import Enum

from evaluators.contract.node import Node
from evaluators.contract.shapes import LISTS_OF_SCHEMAS, MAPS_OF_SCHEMAS, SCHEMAS

_MAPS = frozenset(
    (
        *("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "responses"),
        *("parameters", "examples", "requestBodies", "headers", "securitySchemes", "links", "callbacks", "pathItems"),
        *("paths", "webhooks", "content", "encoding", "variables", "mapping", "scopes", "mediaTypes"),
        "additionalOperations",
    )
)
"""Keys whose mapping holds names of the author's choice, not keywords."""
_LITERAL = frozenset(("example", "default", "enum", "const", "value", "dataValue"))
"""Keys whose value is data, in which nothing is a keyword."""


_CONTAINERS = (dict, list)


class _As(Enum):
    """What a mapping or list is taken for."""

    PLAIN = 0
    NAMES = 1
    """A mapping whose keys are names of the author's choice."""
    SCHEMA = 2
    SCHEMAS = 3
    """A list or a mapping of schemas."""


_WITHIN_SCHEMA = {
    **dict.fromkeys((*MAPS_OF_SCHEMAS, *LISTS_OF_SCHEMAS), _As.SCHEMAS),
    **dict.fromkeys(SCHEMAS, _As.SCHEMA),
    "mapping": _As.NAMES,
}
_WITHIN_PLAIN = {
    **dict.fromkeys(_MAPS, _As.NAMES),
    **dict.fromkeys(("schema", "itemSchema"), _As.SCHEMA),
    "schemas": _As.SCHEMAS,
}


class Survey:
    """What one walk over a contract and what it refers to finds, each place once.

    Files that are referred to are walked from the place that is named; the rest
    of them is not the contract's.
    """

    def __init__(self, root: Node | None) -> None:
        self.schemas: list[Node] = []
        """Every Schema Object."""
        self.roots: list[Node] = []
        """The schemas that are not inside another schema."""
        self.references: list[Node] = []
        """Every node with a `$ref`."""
        self._holding: defaultdict[str, list[Node]] = defaultdict(list)
        self._schemas_with: defaultdict[str, list[Node]] = defaultdict(list)
        self._seen: set[int] = set()
        pending = [(root, _As.PLAIN)] if root is not None else []
        told = 0
        while pending:
            for node, kind in pending:
                self._walk(node, kind)
            new, told = self.references[told:], len(self.references)
            pending = list(self._targets(new))

    def holding(self, *keys: str) -> Iterator[Node]:
        """The mappings (schemas and others) that have one of the keywords, once for each that they have."""
        for key in keys:
            yield from self._holding.get(key, ())
            yield from self._schemas_with.get(key, ())

    def plain(self, *keys: str) -> Iterator[Node]:
        """The mappings other than schemas that have one of the keywords."""
        for key in keys:
            yield from self._holding.get(key, ())

    def schemas_with(self, *keys: str) -> Iterator[Node]:
        """The schemas that have one of the keywords, each once."""
        if len(keys) == 1:
            yield from self._schemas_with.get(keys[0], ())
            return
        found = {id(node.value): node for key in keys for node in self._schemas_with.get(key, ())}
        yield from found.values()

    def _targets(self, references: Iterable[Node]) -> Iterator[tuple[Node, _As]]:
        """What the references name and was not walked yet, taken for what names it."""
        inside = {id(node.value) for node in self._schemas_with.get("$ref", ())}
        for node in references:
            target = node.target()
            if target is not None and isinstance(target.value, dict) and id(target.value) not in self._seen:
                yield target, (_As.SCHEMA if id(node.value) in inside else _As.PLAIN)

    def _walk(self, top: Node, kind: _As) -> None:
        if kind is _As.SCHEMA and id(top.value) not in self._seen:
            self.roots.append(top)
        pending = [(top, kind)]
        while pending:
            node, kind = pending.pop()
            value = node.value
            if type(value) is list:
                inner = _As.SCHEMA if kind is _As.SCHEMAS else _As.PLAIN
                below = [(child, inner) for child in node.elements() if type(child.value) in _CONTAINERS]
            elif id(value) in self._seen:
                continue
            else:
                self._seen.add(id(value))
                below = self._named(node, kind) if kind in (_As.NAMES, _As.SCHEMAS) else self._keyed(node, kind)
            below.reverse()
            pending += below

    def _named(self, node: Node, kind: _As) -> list[tuple[Node, _As]]:
        """The containers of a mapping whose keys are names."""
        inner = _As.SCHEMA if kind is _As.SCHEMAS else _As.PLAIN
        below = [
            (Node(node.files, node.path, node, name, value), inner)
            for name, value in node.value.items()
            if type(value) in _CONTAINERS
        ]
        if kind is _As.SCHEMAS and node.name == "schemas":
            self.roots += [child for child, _ in below]
        return below

    def _keyed(self, node: Node, kind: _As) -> list[tuple[Node, _As]]:
        """The containers of a mapping whose keys are keywords, which are noted."""
        schema = kind is _As.SCHEMA
        if schema:
            self.schemas.append(node)
        within, index = (_WITHIN_SCHEMA, self._schemas_with) if schema else (_WITHIN_PLAIN, self._holding)
        value = node.value
        if type(value.get("$ref")) is str:
            self.references.append(node)
        below: list[tuple[Node, _As]] = []
        for key, inner in value.items():
            index[key].append(node)
            listed = type(inner) is list
            if not listed and type(inner) is not dict:
                continue
            if listed and (key == "examples" or not any(type(each) in _CONTAINERS for each in inner)):
                continue
            if key in _LITERAL or key.startswith("x-"):
                continue
            taken = within.get(key, _As.PLAIN)
            if listed and taken is _As.NAMES:
                taken = _As.PLAIN
            child = Node(node.files, node.path, node, key, inner)
            if taken is _As.SCHEMA and not schema and not listed:
                self.roots.append(child)
            below.append((child, taken))
        return below
