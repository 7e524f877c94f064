"""Walks over everything that a contract writes."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.node import Node

_MAPS = frozenset(
    (
        *("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas", "responses"),
        *("parameters", "examples", "requestBodies", "headers", "securitySchemes", "links", "callbacks", "pathItems"),
        *("paths", "webhooks", "content", "encoding", "variables", "mapping", "scopes", "mediaTypes"),
    )
)
"""Keys whose mapping holds names of the author's choice, not keywords."""
_LITERAL = frozenset(("example", "default", "enum", "const", "value", "dataValue"))
"""Keys whose value is data, in which nothing is a keyword."""


def walked(root: Node) -> Iterator[tuple[Node, bool]]:
    """Every mapping and list of the contract with whether its keys are names; literal data left out."""
    pending: list[tuple[Node, bool]] = [(root, False)]
    while pending:
        node, named = pending.pop()
        yield node, named
        if isinstance(node.value, list):
            pending += [(child, False) for child in node.elements() if isinstance(child.value, dict | list)]
            continue
        for key, child in node.items():
            literal = not named and (key in _LITERAL or key.startswith("x-"))
            literal = literal or (not named and key == "examples" and isinstance(child.value, list))
            if not literal and isinstance(child.value, dict | list):
                names = not named and key in _MAPS and isinstance(child.value, dict)
                pending.append((child, names))


def references(root: Node) -> list[Node]:
    """Every node with a `$ref`, also those of other files that are referred to, in order of place."""
    found: list[Node] = []
    seen: set[str] = set()
    pending = [root]
    while pending:
        top = pending.pop()
        seen.add(top.path)
        for node, named in walked(top):
            if named or node.reference is None:
                continue
            found.append(node)
            target = node.target()
            if target is not None and target.path not in seen:
                seen.add(target.path)
                whole = target.files.root(target.path)
                pending += [whole] if whole is not None else []
    return sorted(found, key=lambda node: (node.path, node.tokens))


def schema_roots(root: Node | None) -> Iterator[Node]:
    """The schemas that are not inside another schema's keyword."""
    found: list[Node] = []
    for node, named in walked(root) if root else ():
        if named and node.name == "schemas":
            found += [child for _, child in node.items()]
        elif not named:
            found += [child for key in ("schema", "itemSchema") if (child := node.get(key)) is not None]
    yield from sorted(found, key=lambda node: node.tokens)
