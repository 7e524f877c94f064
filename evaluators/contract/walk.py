"""One walk over everything that a contract writes: what is a schema, what is a keyword, what refers to what."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from functools import cached_property

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
_ATOMS = frozenset((str, int, float, bool, type(None)))


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
        self._mappings: list[Node] = []
        """Every mapping whose keys are keywords, and that is no schema."""
        self._forms: dict[tuple[str, ...], _Form] = {}
        """The forms of mappings that are no schemas, by their keys."""
        self._schema_forms: dict[tuple[str, ...], _Form] = {}
        self._found: dict[tuple[_As, str], list[Node]] = {}
        self._seen: set[int] = set()
        self._referring: set[int] = set()
        """The schemas with a `$ref`."""
        pending = [(root, _As.PLAIN)] if root is not None else []
        told = 0
        while pending:
            for node, kind in pending:
                self._walk(node, kind)
            new, told = self.references[told:], len(self.references)
            pending = list(self._targets(new))
        # As large as all the nodes together, and of no use afterwards.
        self._seen.clear()
        self._referring.clear()

    def holding(self, *keys: str) -> Iterator[Node]:
        """The mappings (schemas and others) that have one of the keywords, once for each that they have."""
        for key in keys:
            yield from self._having(_As.PLAIN, key)
            yield from self._having(_As.SCHEMA, key)

    def plain(self, *keys: str) -> Iterator[Node]:
        """The mappings other than schemas that have one of the keywords."""
        for key in keys:
            yield from self._having(_As.PLAIN, key)

    def schemas_with(self, *keys: str) -> Iterator[Node]:
        """The schemas that have one of the keywords, each once."""
        if len(keys) == 1:
            yield from self._having(_As.SCHEMA, keys[0])
            return
        found = {id(node.value): node for key in keys for node in self._having(_As.SCHEMA, key)}
        yield from found.values()

    def schemas_of(self, fits: Callable[[tuple[str, ...]], bool]) -> list[Node]:
        """The schemas whose keys fit, in the order of the walk; what has the same keys is asked for once."""
        places = [place for keys, form in self._schema_forms.items() if fits(keys) for place in form.places]
        return [self.schemas[place] for place in sorted(places)]

    @cached_property
    def properties(self) -> tuple[tuple[Node, str, Node], ...]:
        """Every property of every schema: the schema, the name, the property's own schema."""
        return tuple(
            (schema, name, Node(schema.files, schema.path, node, name, value))
            for schema in self.schemas_with("properties")
            if (node := schema.get("properties")) is not None and isinstance(node.value, dict)
            for name, value in node.value.items()
        )

    def _having(self, kind: _As, key: str) -> list[Node]:
        """The schemas, or the other mappings, that have a keyword, in the order of the walk."""
        known = self._found.get((kind, key))
        if known is None:
            schema = kind is _As.SCHEMA
            nodes, forms = (self.schemas, self._schema_forms) if schema else (self._mappings, self._forms)
            places = [place for keys, form in forms.items() if key in keys for place in form.places]
            known = self._found[kind, key] = [nodes[place] for place in sorted(places)]
        return known

    def _targets(self, references: Iterable[Node]) -> Iterator[tuple[Node, _As]]:
        """What the references name and was not walked yet, taken for what names it."""
        told: set[tuple[str, str, bool]] = set()
        for node in references:
            schema = id(node.value) in self._referring
            key = (node.path, node.value["$ref"], schema)
            if key in told:
                continue
            told.add(key)
            target = node.target()
            if target is not None and isinstance(target.value, dict) and id(target.value) not in self._seen:
                yield target, (_As.SCHEMA if schema else _As.PLAIN)

    def _walk(self, top: Node, kind: _As) -> None:
        if kind is _As.SCHEMA and id(top.value) not in self._seen:
            self.roots.append(top)
        pending = [(top, kind)]
        seen = self._seen
        while pending:
            node, kind = pending.pop()
            value = node.value
            if type(value) is list:
                inner = _As.SCHEMA if kind is _As.SCHEMAS else _As.PLAIN
                below = [(child, inner) for child in node.elements() if type(child.value) in _CONTAINERS]
                pending += reversed(below)
            elif id(value) not in seen:
                seen.add(id(value))
                if kind is _As.NAMES or kind is _As.SCHEMAS:
                    self._named(node, kind, pending)
                else:
                    self._keyed(node, kind is _As.SCHEMA, pending)

    def _named(self, node: Node, kind: _As, pending: list[tuple[Node, _As]]) -> None:
        """Put off the containers of a mapping whose keys are names; what is last in `pending` comes first."""
        inner = _As.SCHEMA if kind is _As.SCHEMAS else _As.PLAIN
        files, path = node.files, node.path
        below = [
            (Node(files, path, node, name, value), inner)
            for name, value in node.value.items()
            if type(value) in _CONTAINERS
        ]
        if kind is _As.SCHEMAS and node.name == "schemas":
            self.roots += [child for child, _ in below]
        pending += reversed(below)

    def _keyed(self, node: Node, schema: bool, pending: list[tuple[Node, _As]]) -> None:
        """Note a mapping whose keys are keywords, and put off its containers."""
        value, files, path = node.value, node.files, node.path
        forms = self._schema_forms if schema else self._forms
        keys = tuple(value)
        form = forms.get(keys)
        if form is None:
            form = forms[keys] = _form(keys, _WITHIN_SCHEMA if schema else _WITHIN_PLAIN)
        nodes = self.schemas if schema else self._mappings
        form.places.append(len(nodes))
        nodes.append(node)
        if form.refers and type(value["$ref"]) is str:
            self.references.append(node)
            if schema:
                self._referring.add(id(value))
        for key, taken in form.within:
            inner = value[key]
            if type(inner) is dict:
                child = Node(files, path, node, key, inner)
                if taken is _As.SCHEMA and not schema:
                    self.roots.append(child)
                pending.append((child, taken))
            elif type(inner) is list and key != "examples" and not _ATOMS.issuperset(map(type, inner)):
                child = Node(files, path, node, key, inner)
                pending.append((child, _As.PLAIN if taken is _As.NAMES else taken))


class _Form:
    """The mappings that have the same keys in the same order: most of a contract's are of a few forms."""

    __slots__ = ("places", "refers", "within")

    def __init__(self, refers: bool, within: list[tuple[str, _As]]) -> None:
        self.refers, self.within = refers, within
        self.places = array("L")
        """Which of all schemas, or of all other mappings, they are."""


def _form(keys: tuple[str, ...], within: dict[str, _As]) -> _Form:
    """A form, with the keys whose values may hold keywords, the last first, and what these are taken for."""
    open_keys = [key for key in reversed(keys) if key not in _LITERAL and not key.startswith("x-")]
    return _Form("$ref" in keys, [(key, within.get(key, _As.PLAIN)) for key in open_keys])
