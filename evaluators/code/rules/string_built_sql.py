"""Rule string-built-sql."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import parameters
from evaluators.code.facts import Code, Module
from evaluators.code.module import FunctionNode
from evaluators.code.walking import children, walk
from evaluators.rule import Flaw, rule

_STATEMENT = re.compile(
    r"^\s*(select\s.+\bfrom\b|insert\s+into\b|update\s+\S+\s+set\b|delete\s+from\b|with\s+\S+\s+as\b)", re.I | re.S
)
_HARMLESS = re.compile(r"\b(int|float|bool|Decimal|UUID|date|datetime)\b")


def _chosen(module: Module, function: FunctionNode) -> set[str]:
    """Names in a function whose text the caller chooses: parameters, and what is worked out from them."""
    chosen = {
        argument.arg
        for argument in parameters(function)
        if argument.annotation is None or not _HARMLESS.search(ast.unparse(argument.annotation))
    } - {"self", "cls"}
    for _ in range(3):
        for node in module.within(function):
            if (
                isinstance(node, ast.Assign)
                and _names(module, node.value) & chosen
                and not _looked_up(module, node.value)
            ):
                chosen |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return chosen


def _looked_up(module: Module, node: ast.expr) -> bool:
    """Whether a value is taken out of a constant, made a number, or made by a database call."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Name) and node.value.id in module.constants
    if isinstance(node, ast.Await):
        return True
    if isinstance(node, ast.Call):
        called = module.called(node)
        last = called.rpartition(".")[2]
        text_methods = ("strip", "lower", "upper", "format", "join", "replace", "title")
        return (
            called != "str"
            and not (isinstance(node.func, ast.Attribute) and node.func.attr in text_methods)
            and last != "dedent"
        )
    return False


def _names(module: Module, node: ast.AST) -> set[str]:
    """The names whose text ends up in a value; what only goes through a call of something else does not."""
    if isinstance(node, ast.expr) and _looked_up(module, node):
        return set()
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.Attribute):
        return _names(module, node.value)
    return {name for child in children(node) for name in _names(module, child)}


def _is_sql(module: Module, node: ast.AST) -> bool:
    """Whether a node builds SQL from pieces."""
    if isinstance(node, ast.JoinedStr):
        head = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        return bool(_STATEMENT.search(head))
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
        if isinstance(module.parents.get(node), ast.BinOp):
            return False
        texts = [part.value for part in walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        return bool(texts and _STATEMENT.search(" x ".join(texts)))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        inner = node.func.value
        return isinstance(inner, ast.Constant) and isinstance(inner.value, str) and bool(_STATEMENT.search(inner.value))
    return False


@alone
@rule("string-built-sql", family="code", security=True)
def string_built_sql(code: Code) -> Iterator[Flaw]:
    """SQL is put together from text that a caller can choose.

    Why: Whoever chooses the text chooses the statement. Parameters are sent apart
    from the statement and cannot change it.

    Bad:
        ```python app/main.py
        def find(connection, name: str):
            return connection.execute(f"SELECT id FROM users WHERE name = '{name}'")
        ```

    Good:
        ```python app/main.py
        from sqlalchemy import text

        SORTS = {"name": "name", "age": "created_at"}

        def find(connection, name: str, sort: str, limit: int):
            column = SORTS[sort]
            statement = f"SELECT id FROM users WHERE name = :name ORDER BY {column} LIMIT {limit}"
            return connection.execute(text(statement), {"name": name})
        ```

    Boundary:
        ```python app/main.py
        COLUMNS = ", ".join(["id", "name"])

        def find(connection, ids: list[int]):
            marks = ", ".join("%s" for _ in ids)
            return connection.execute(f"SELECT {COLUMNS} FROM users WHERE id IN ({marks})", ids)
        ```

    Precision: Follows parameters within one function. Numbers, entries of a constant mapping and results of calls
    are taken for safe; what a helper puts together is missed.

    Source: OWASP Top 10 A03 Injection; CWE-89.
    """
    for module in code.own:
        for function in module.functions:
            for node in module.within(function):
                if module.function_around(node) is not function or not _is_sql(module, node):
                    continue
                chosen = _chosen(module, function)
                given = sorted(_names(module, node) & chosen)
                if given:
                    yield Flaw(
                        f"{module.name}.{module.qualified(node)}",
                        module.at(node),
                        f"This SQL is built from `{given[0]}`, which the caller chooses.",
                        module.source(node),
                        "Bind it as a parameter; take names of columns from a fixed mapping.",
                    )
