"""One walk over everything that a contract writes: what is a schema, what is a keyword, what refers to what."""

from __future__ import annotations

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
        self._holding: dict[str, list[Node]] = {}
        self._schemas_with: dict[str, list[Node]] = {}
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
            if isinstance(value, list):
                inner = _As.SCHEMA if kind is _As.SCHEMAS else _As.PLAIN
                below = [(child, inner) for child in node.elements() if isinstance(child.value, dict | list)]
            elif id(value) in self._seen:
                continue
            else:
                self._seen.add(id(value))
                below = list(self._below(node, kind))
            below.reverse()
            pending += below

    def _below(self, node: Node, kind: _As) -> Iterator[tuple[Node, _As]]:
        """The containers of a mapping; its keywords are noted."""
        if kind in (_As.NAMES, _As.SCHEMAS):
            inner = _As.SCHEMA if kind is _As.SCHEMAS else _As.PLAIN
            for child in node.children():
                if isinstance(child.value, dict | list):
                    if kind is _As.SCHEMAS and node.name == "schemas":
                        self.roots.append(child)
                    yield child, inner
            return
        schema = kind is _As.SCHEMA
        if schema:
            self.schemas.append(node)
        within, index = (_WITHIN_SCHEMA, self._schemas_with) if schema else (_WITHIN_PLAIN, self._holding)
        value = node.value
        if isinstance(value.get("$ref"), str):
            self.references.append(node)
        for key, inner_value in value.items():
            index.setdefault(key, []).append(node)
            if not isinstance(inner_value, dict | list) or key in _LITERAL or key.startswith("x-"):
                continue
            if key == "examples" and isinstance(inner_value, list):
                continue
            child = Node(node.files, node.path, node, key, inner_value)
            taken = within.get(key, _As.PLAIN)
            if taken is _As.NAMES and isinstance(inner_value, list):
                taken = _As.PLAIN
            if taken is _As.SCHEMA and not schema and isinstance(inner_value, dict):
                self.roots.append(child)
            yield child, taken
