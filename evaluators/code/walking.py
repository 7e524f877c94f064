"""Walking a Python tree often: what is below a node is looked up in its fields once, then remembered on the node."""

from __future__ import annotations

import ast

_KIDS = "_backwright_children"
_NONE: tuple[ast.AST, ...] = ()


def children(node: ast.AST) -> tuple[ast.AST, ...]:
    """A node's children in order, without those that only say whether a name is read or written."""
    known: tuple[ast.AST, ...] | None = node.__dict__.get(_KIDS)
    if known is not None:
        return known
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [each for each in value if isinstance(each, ast.AST)]
        elif isinstance(value, ast.AST) and name != "ctx":
            found.append(value)
    known = tuple(found) if found else _NONE
    setattr(node, _KIDS, known)
    return known


def walk(node: ast.AST) -> list[ast.AST]:
    """A node and all below it, breadth first, as `ast.walk` has them."""
    found = [node]
    for each in found:
        found += each.__dict__.get(_KIDS) or children(each)
    return found
