"""A contract that is written in several files as one document, and where each part of it came from."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from evaluators.contract.node import Node
from evaluators.contract.parts import Json, Tokens

_KINDS = {
    **{kind: (kind, True) for kind in ("responses", "parameters", "examples", "requestBodies", "headers", "links")},
    **{kind: (kind, True) for kind in ("securitySchemes", "callbacks", "schemas")},
    **dict.fromkeys(("paths", "webhooks", "pathItems"), ("pathItems", True)),
    "content": ("mediaTypes", True),
    "requestBody": ("requestBodies", False),
    **dict.fromkeys(("schema", "itemSchema"), ("schemas", False)),
}
"""Key -> the kind of component that its value is, and whether that value is a mapping of names to such."""
_NAMES_OF_SCHEMAS = frozenset(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"))
_LITERAL = frozenset(("example", "default", "enum", "const", "value", "dataValue"))
_IN_PLACE = frozenset(("pathItems", "mediaTypes"))
"""What not every version keeps under `components`: it is written where it is used."""
MAX_INLINED = 5_000
"""Most parts that are written in place of their reference; what comes after keeps it."""


@dataclass(frozen=True)
class Bundle:
    """One document. `document` is shared with the contract where that is one file: do not change it."""

    document: Json
    root: Node
    origins: dict[Tokens, Node] = field(default_factory=dict)
    """Place in the document -> the node of the file from which it was taken."""

    def node(self, tokens: Tokens) -> Node:
        """The node that stands for a place of the document, or the nearest one above it."""
        node, rest = self.root, tokens
        for length in range(len(tokens), 0, -1):
            if tokens[:length] in self.origins:
                node, rest = self.origins[tokens[:length]], tokens[length:]
                break
        for token in rest:
            below = node.get(token)
            if below is None:
                return node
            node = below
        return node


def bundled(root: Node, references: list[Node]) -> Bundle:
    """The document of `root` with everything that it refers to in other files, as one."""
    targets = (node.target() for node in references)
    if all(target is None or target.path == root.path for target in targets):
        return Bundle(root.value, root)
    try:
        return _Bundler(root).made()
    except RecursionError:
        # Files nested in files beyond all sense: the entry is judged, and its references one by one.
        return Bundle(root.value, root)


class _Bundler:
    """Copies the document, and puts what lies in other files under `components`."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._origins: dict[Tokens, Node] = {}
        self._names: dict[tuple[str, Node], str] = {}
        self._taken: dict[str, set[str]] = {}
        self._inlined = 0
        self._pending: deque[tuple[str, str, Node]] = deque()

    def made(self) -> Bundle:
        components = self._root.get("components")
        for kind, entries in components.items() if components else ():
            self._taken[kind] = {name for name, _ in entries.items()}
            for name, entry in entries.items():
                target = entry.target() if isinstance(entry.value, dict) and len(entry.value) == 1 else None
                if target is not None and target.path != self._root.path:
                    self._names.setdefault((kind, target), name)
        document = self._copy(self._root, "", False, (), frozenset())
        while self._pending:
            kind, name, target = self._pending.popleft()
            place = ("components", kind, name)
            self._origins[place] = target
            parts = document.setdefault("components", {})
            if isinstance(parts, dict) and isinstance(parts.setdefault(kind, {}), dict):
                parts[kind][name] = self._copy(target, kind, False, place, frozenset())
        return Bundle(document, self._root, self._origins)

    def _copy(self, node: Node, kind: str, names: bool, place: Tokens, chain: frozenset[int]) -> Json:
        """A copy of a node, `kind` and `names` as in `_KINDS`, that will stand at `place`."""
        if isinstance(node.value, list):
            inner = "" if kind == "schemas" and names else kind
            return [self._copy(c, inner, False, (*place, c.name), chain) for c in node.elements()]
        if not isinstance(node.value, dict):
            return node.value
        if not names and node.reference is not None:
            return self._referring(node, kind, place, chain)
        return {key: self._entry(child, kind, names, (*place, key), chain) for key, child in node.items()}

    def _entry(self, child: Node, kind: str, names: bool, place: Tokens, chain: frozenset[int]) -> Json:
        key = child.name
        if names:
            target = child.target()
            if target is not None and self._names.get((kind, target)) == key and place[0] == "components":
                self._origins[place] = target
                return self._copy(target, kind, False, place, chain)
            return self._copy(child, kind, False, place, chain)
        data = key in _LITERAL or (key == "examples" and kind == "schemas")
        if data or key.startswith("x-"):
            return child.value
        if kind == "schemas":
            return self._copy(child, "schemas", key in _NAMES_OF_SCHEMAS, place, chain)
        inner, many = _KINDS.get(key, ("", False))
        many = many and isinstance(child.value, dict)
        # A callback maps expressions to path items.
        inner, many = ("pathItems", False) if kind == "callbacks" else (inner, many)
        return self._copy(child, inner, many, place, chain)

    def _referring(self, node: Node, kind: str, place: Tokens, chain: frozenset[int]) -> Json:
        """A node with a `$ref`, which then points into the document."""
        target = node.target()
        beside = {key: child.value for key, child in node.items() if key != "$ref"}
        if target is None or (target.path == node.path == self._root.path):
            return dict(node.value)
        if target.path == self._root.path:
            return {"$ref": target.pointer, **beside}
        if not kind or kind in _IN_PLACE:
            if id(target.value) in chain or self._inlined >= MAX_INLINED:
                return dict(node.value)
            self._inlined += 1
            self._origins[place] = target
            made = self._copy(target, kind, False, place, chain | {id(target.value)})
            return {**made, **beside} if isinstance(made, dict) else made
        if (kind, target) not in self._names:
            name = self._named(kind, target)
            self._names[kind, target] = name
            self._pending.append((kind, name, target))
        name = self._names[kind, target].replace("~", "~0").replace("/", "~1")
        return {"$ref": f"#/components/{kind}/{name}", **beside}

    def _named(self, kind: str, target: Node) -> str:
        """A name for a component that nobody has."""
        stem = target.name or PurePosixPath(target.path).stem
        base = re.sub(r"[^A-Za-z0-9._-]", "_", stem) or "part"
        taken = self._taken.setdefault(kind, set())
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add(name)
        return name
