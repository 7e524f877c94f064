"""Columns that a small function of the project makes: `def key(): return Column(BigInteger, primary_key=True)`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from evaluators.code.module import FunctionNode, Module

MAKERS = ("mapped_column", "Column", "Field")
"""What makes a column, of SQLAlchemy and SQLModel."""


class ColumnMakers:
    """The functions at the top of the modules that do nothing but give back columns."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self._known: dict[str, tuple[Module, FunctionNode, list[ast.Call], bool]] = {}
        for module in modules:
            for node in module.tree.body if module.speaks(MAKERS) else ():
                if isinstance(node, FunctionNode) and isinstance(node.body[-1], ast.Return):
                    calls, many = _columns(module, node.body[-1].value)
                    if calls:
                        self._known[f"{module.name}.{node.name}"] = (module, node, calls, many)

    def opened(self, module: Module, node: ast.expr | None) -> tuple[Module, ast.Call] | None:
        """The call that makes the column behind a call of such a function, its arguments put in; else None."""
        found = self._of(module, node)
        return (found[0], _filled(found[2][0], found[1], node)) if found and isinstance(node, ast.Call) else None

    def listed(self, module: Module, node: ast.Starred) -> list[tuple[Module, ast.Call]] | None:
        """The calls behind `*function()`, where the function gives back a list or tuple of columns; else None."""
        found = self._of(module, node.value, many=True)
        if found is None or not isinstance(node.value, ast.Call):
            return None
        return [(found[0], _filled(call, found[1], node.value)) for call in found[2]]

    def _of(
        self, module: Module, node: ast.expr | None, many: bool = False
    ) -> tuple[Module, FunctionNode, list[ast.Call]] | None:
        """The function that a call calls, with the calls that it gives back."""
        dotted = module.called(node)
        found = self._known.get(dotted) or self._known.get(f"{module.name}.{dotted}") if dotted else None
        return found[:3] if found is not None and found[3] is many else None


def _columns(module: Module, value: ast.expr | None) -> tuple[list[ast.Call], bool]:
    """The columns that a value is, and whether it is a list or tuple of them."""
    many = isinstance(value, (ast.List, ast.Tuple))
    parts = value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]
    calls = [each for each in parts if isinstance(each, ast.Call)]
    whole = len(calls) == len(parts) and all(module.called(each).rpartition(".")[2] in MAKERS for each in calls)
    return (calls if whole else []), many


def _filled(inner: ast.Call, function: FunctionNode, outer: ast.Call) -> ast.Call:
    """The inner call with the outer one's arguments in place of the function's parameters."""
    plain = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    named = {*plain, *(each.arg for each in function.args.kwonlyargs)}
    values: dict[str, ast.expr] = dict(_defaults(function))
    values.update(zip(plain, outer.args, strict=False))
    values.update({each.arg: each.value for each in outer.keywords if each.arg in named})
    rest = outer.args[len(plain) :]
    more = [each for each in outer.keywords if each.arg not in named]
    return _put(inner, values, rest, more)


def _defaults(function: FunctionNode) -> Iterator[tuple[str, ast.expr]]:
    """The parameters that have a default, with it."""
    plain = [*function.args.posonlyargs, *function.args.args]
    count = len(function.args.defaults)
    yield from zip((each.arg for each in plain[len(plain) - count :]), function.args.defaults, strict=True)
    for each, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
        if default is not None:
            yield each.arg, default


def _put(call: ast.Call, values: dict[str, ast.expr], rest: list[ast.expr], more: list[ast.keyword]) -> ast.Call:
    """A new call with the values put in; `*args` and `**options` become what was given beyond the parameters."""

    def put(node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Name):
            return values.get(node.id, node)
        return _put(node, values, rest, more) if isinstance(node, ast.Call) else node

    args = [new for each in call.args for new in (rest if isinstance(each, ast.Starred) else [put(each)])]
    keywords = [
        new
        for each in call.keywords
        for new in (more if each.arg is None else [ast.keyword(each.arg, put(each.value))])
    ]
    return ast.copy_location(ast.Call(call.func, args, keywords), call)
