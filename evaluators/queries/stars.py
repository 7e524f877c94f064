"""What `SELECT *` takes along, and whether a row is answered as it is."""

from __future__ import annotations

import ast

from sqlglot import exp

from evaluators.code.queries import Query
from evaluators.code.walking import walk
from evaluators.queries.facts import Parsed
from evaluators.sql.facts import Column
from evaluators.sql.names import words


def is_star(node: exp.Expr) -> bool:
    """Whether a selected expression is `*` or `alias.*`."""
    return isinstance(node, exp.Star) or (isinstance(node, exp.Column) and isinstance(node.this, exp.Star))


def starred_secrets(query: Parsed) -> list[str]:
    """The secret columns that the outermost `*` of a query takes along, as `users.password_hash`."""
    if query.kind != "select" or not query.levels:
        return []
    level = query.levels[0]
    if not isinstance(level.node, exp.Select):
        return []
    found: list[str] = []
    for each in level.node.expressions:
        if not is_star(each):
            continue
        alias = each.table.lower() if isinstance(each, exp.Column) else ""
        for name, table in level.sources.items():
            if table is not None and alias in ("", name):
                found += [f"{table.key}.{column.name}" for column in table.columns if _is_secret(column)]
    return found


def _is_secret(column: Column) -> bool:
    """Whether a column holds what nobody may see: a password or its hash, a key, a secret."""
    parts = words(column.name)
    if set(parts) & {"password", "passwd", "pwd"}:
        return not set(parts) & {"changed", "updated", "at", "expires", "required", "set", "reset", "count", "version"}
    keyed = parts[-2:] in (("api", "key"), ("private", "key"), ("token", "hash"))
    return (bool({"secret", "salt", "totp"} & set(parts)) or keyed) and not set(parts) & {"id", "at", "name", "enabled"}


def returned_whole(query: Query) -> bool:
    """Whether the rows of a query are what its function returns: at once, or by one variable, also as dicts."""
    module, function = query.module, query.around
    if function is None:
        return False
    statement: ast.AST | None = query.node
    while statement is not None and not isinstance(statement, ast.stmt):
        statement = module.parents.get(statement)
    if isinstance(statement, ast.Return):
        return not isinstance(statement.value, (ast.Dict, ast.DictComp))
    stored = walk(statement) if statement is not None else ()
    names = {each.id for each in stored if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    for node in walk(function):
        if isinstance(node, ast.Assign) and _hands_on(node.value, names):
            names |= {each.id for each in node.targets if isinstance(each, ast.Name)}
        if isinstance(node, ast.Return) and node.value is not None and _hands_on(node.value, names):
            return True
    return False


def _hands_on(node: ast.expr, names: set[str]) -> bool:
    """Whether an expression is a variable of rows, or the same rows as dicts or in a list."""
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.Await):
        return _hands_on(node.value, names)
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in ("dict", "list") and node.args:
            return _hands_on(node.args[0], names)
        return called in ("fetchall", "fetchone", "all", "first") and _hands_on(
            node.func.value if isinstance(node.func, ast.Attribute) else node, names
        )
    if isinstance(node, ast.ListComp):
        made = {
            each.id
            for g in node.generators
            if _hands_on(g.iter, names)
            for each in walk(g.target)
            if isinstance(each, ast.Name)
        }
        return bool(made) and _hands_on(node.elt, made)
    return False
