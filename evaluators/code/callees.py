"""Which functions of the project a function calls, as far as names tell it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from evaluators.code.depends import Dependencies
from evaluators.code.module import FunctionNode, Module

Found = tuple[Module, FunctionNode]

_COMMON = frozenset(
    [
        "get",
        "all",
        "add",
        "set",
        "pop",
        "update",
        "delete",
        "create",
        "execute",
        "commit",
        "rollback",
        "flush",
        "refresh",
        "first",
        "one",
        "scalar",
        "scalars",
        "close",
        "read",
        "write",
        "run",
        "start",
        "stop",
        "send",
        "save",
        "load",
        "list",
        "items",
        "keys",
        "values",
        "append",
        "extend",
        "filter",
        "query",
        "json",
        "dict",
        "copy",
        "format",
        "join",
        "split",
        "strip",
        "encode",
        "decode",
        "connect",
        "begin",
        "fetch",
        "put",
        "post",
        "patch",
        "head",
        "options",
        "insert",
        "remove",
        "find",
        "count",
        "exists",
        "log",
        "info",
        "debug",
        "warning",
        "error",
        "exception",
    ]
)
"""Names of methods that so many things have that one of the project's own is not meant for sure."""


class Callees:
    """Own functions by what calls them."""

    def __init__(self, table: Dependencies) -> None:
        self._table = table
        self._known: dict[FunctionNode, tuple[Found, ...]] = {}

    @cached_property
    def _methods(self) -> dict[str, list[Found]]:
        """Name -> the methods that are called so."""
        found: dict[str, list[Found]] = {}
        for module in self._table.modules:
            for node in module.functions if module.speaks(("class",)) else ():
                if isinstance(module.parents.get(node), ast.ClassDef):
                    found.setdefault(node.name, []).append((module, node))
        return found

    def of(self, module: Module, function: FunctionNode) -> tuple[Found, ...]:
        """The project's functions that a function calls directly, each once."""
        known = self._known.get(function)
        if known is None:
            found: dict[FunctionNode, Found] = {}
            for call in module.within(function):
                if isinstance(call, ast.Call) and (behind := self.behind(module, call)) is not None:
                    found.setdefault(behind[1], behind)
            found.pop(function, None)
            known = self._known[function] = tuple(found.values())
        return known

    def behind(self, module: Module, call: ast.Call) -> Found | None:
        """The project's function that a call calls, or None."""
        named = self._table.function(self._table.resolve(module, call.func))
        if named is not None or not isinstance(call.func, ast.Attribute):
            return named
        methods = self._methods.get(call.func.attr, [])
        owner = call.func.value
        if isinstance(owner, ast.Name) and owner.id in ("self", "cls"):
            here = [each for each in methods if _class_of(each) is _class_of((module, _holder(module, call)))]
            return here[0] if here else None
        return methods[0] if len(methods) == 1 and call.func.attr not in _COMMON else None

    def reach(self, module: Module, function: FunctionNode, depth: int = 2) -> Iterator[Found]:
        """A function, and the project's functions that it calls, down to a depth; each once."""
        seen: set[FunctionNode] = {function}
        level: list[Found] = [(module, function)]
        yield module, function
        for _ in range(depth):
            following: list[Found] = []
            for place, node in level:
                for each in self.of(place, node):
                    if each[1] not in seen:
                        seen.add(each[1])
                        following.append(each)
                        yield each
            level = following


def _holder(module: Module, node: ast.AST) -> FunctionNode | None:
    """The method around a node."""
    return module.function_around(node)


def _class_of(found: tuple[Module, FunctionNode | None]) -> ast.AST | None:
    """The class around a method."""
    module, node = found
    current: ast.AST | None = node
    while current is not None and not isinstance(current, ast.ClassDef):
        current = module.parents.get(current)
    return current
