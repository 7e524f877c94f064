"""Loops over rows: what is sent, and what is touched, once for each turn."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from evaluators.code.expressions import last_name, words
from evaluators.code.facts import Code
from evaluators.code.module import FunctionNode, Module
from evaluators.code.walking import walk

Loop = ast.For | ast.AsyncFor | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Senders:
    """What sends a query that reads."""

    calls: frozenset[ast.AST]
    functions: frozenset[ast.AST]
    """Functions that send one each time they are called, outside of loops of their own."""


def sending(code: Code) -> Senders:
    """The calls and functions of a project that send a query that reads."""
    mapped = {table.symbol for table in code.tables}
    sent: list[tuple[ast.AST, FunctionNode | None]] = []
    for query in code.queries:
        if query.text.lstrip("( \n").lower().startswith(("select", "with")):
            sent.append((query.node, query.around))
    for made in code.orm_queries:
        if made.kind in ("select", "get") and (made.model in mapped or not mapped):
            sent.append((made.node, made.around))
    return Senders(frozenset(node for node, _ in sent), frozenset(around for _, around in sent if around is not None))


def loops(module: Module) -> Iterator[tuple[Loop, list[ast.AST]]]:
    """Each loop of a file with what is worked out once for each turn."""
    for node in module.nodes:
        if isinstance(node, (ast.For, ast.AsyncFor)):
            yield node, list(node.body)
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            yield node, [node.elt]
        elif isinstance(node, ast.DictComp):
            yield node, [node.key, node.value]


def source_of(loop: Loop) -> ast.expr:
    """What a loop goes over."""
    return loop.iter if isinstance(loop, (ast.For, ast.AsyncFor)) else loop.generators[0].iter


def is_short(module: Module, loop: Loop) -> bool:
    """Whether a loop goes over values that are written out, numbers of tries, or rows in groups."""
    source = source_of(loop)
    while (
        isinstance(source, ast.Call)
        and source.args
        and module.called(source) in ("enumerate", "sorted", "reversed", "list")
    ):
        source = source.args[0]
    if isinstance(source, ast.Name) and source.id in module.constants:
        source = module.constants[source.id]
    if isinstance(source, (ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Constant)):
        return True
    if isinstance(source, ast.SetComp) and (words(last_name(source.elt)) or ["id"])[-1] not in ("id", "ids", "uuid"):
        return True  # distinct words of some rows: their kinds, their currencies
    called = module.called(source).rpartition(".")[2]
    if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute):
        called = source.func.attr
        if called in ("items", "keys", "values") and isinstance(owner := source.func.value, ast.Name):
            return owner.id in module.constants
    return called in ("range", "count", "batched", "chunks", "chunked", "partitions", "fetchmany", "repeat")


def is_once_each(module: Module, node: ast.AST, loop: Loop) -> bool:
    """Whether a node is worked out in every turn: not in a function inside, nor before the loop ends for good."""
    current: ast.AST | None = node
    statement: ast.AST | None = None
    while current is not None and current is not loop:
        if isinstance(current, (FunctionNode, ast.Lambda)):
            return False
        statement = current
        current = module.parents.get(current)
    if current is None:
        return False
    return not isinstance(statement, (ast.Return, ast.Break))


def touched(module: Module, function: FunctionNode, query: ast.AST, names: set[str]) -> Iterator[ast.Attribute]:
    """The attributes called `names` of each row of a query, read in a loop of the same function."""
    rows = _rows(module, function, query)
    for loop, body in loops(module):
        if module.function_around(loop) is not function:
            continue
        source = source_of(loop)
        over = any(each is query for each in walk(source)) or (isinstance(source, ast.Name) and source.id in rows)
        target = loop.target if isinstance(loop, (ast.For, ast.AsyncFor)) else loop.generators[0].target
        if not over or not isinstance(target, ast.Name):
            continue
        for node in (each for part in body for each in walk(part)):
            if not isinstance(node, ast.Attribute) or node.attr not in names or not isinstance(node.ctx, ast.Load):
                continue
            if isinstance(node.value, ast.Name) and node.value.id == target.id:
                yield node


def _rows(module: Module, function: FunctionNode, query: ast.AST) -> set[str]:
    """The variables that hold a query or its rows."""
    names: set[str] = set()
    for _ in range(3):
        for name, statements in module.assigned(function).items():
            for statement in statements:
                value = statement.value
                if value is None:
                    continue
                inner = list(walk(value))
                chained = any(isinstance(each, ast.Name) and each.id in names for each in inner)
                if any(each is query for each in inner) or (chained and not isinstance(value, _COMPREHENSIONS)):
                    names.add(name)
    return names
