"""Writes of a function: statements, commits, transactions, and quantities that are changed in Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.module import FunctionNode, Module
from evaluators.code.orm import OrmQuery
from evaluators.code.walking import walk

_WRITE = re.compile(r"^[\s(]*(insert|update|delete|merge|replace|with\b.*\b(insert|update|delete)\b)", re.I | re.S)
_SAFE = re.compile(
    r"with_for_update|select_for_update|serializable|repeatable.?read|advisory|version|isolation_level|(?-i:\bF\()|\.lock\(",
    re.IGNORECASE,
)


def is_write(text: str) -> bool:
    """Whether a statement writes."""
    return bool(_WRITE.match(text))


def commit_between(code: Code, module: Module, function: FunctionNode) -> ast.AST | None:
    """A commit that stands, in one block, after a write and before a write that a later commit ends."""
    if ".commit(" not in module.text or not any(_is_commit(node) for node in module.within(function)):
        return None
    written = {each.node for each in code.queries if each.around is function and is_write(each.text)}
    changes = {each.node for each in code.orm_queries if each.around is function and each.kind in ("insert", "update")}
    for block in _blocks(function):
        seen = 0
        waiting: ast.AST | None = None
        for statement in block:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                continue
            for node in walk(statement):
                if node in written or node in changes or _is_added(node):
                    seen += 1
                    if waiting is not None and _commits_after(block, statement):
                        return waiting
                elif _is_commit(node) and seen and isinstance(statement, ast.Expr):
                    waiting = node
    return None


def _blocks(function: FunctionNode) -> Iterator[list[ast.stmt]]:
    """Each run of statements of a function, those of loops left out."""
    waiting: list[list[ast.stmt]] = [function.body]
    while waiting:
        block = waiting.pop()
        yield block
        for statement in block:
            if isinstance(statement, (ast.For, ast.AsyncFor, ast.While, FunctionNode, ast.ClassDef)):
                continue
            waiting += [found for name in ("body", "orelse", "finalbody") if (found := getattr(statement, name, None))]


def _commits_after(block: list[ast.stmt], statement: ast.stmt) -> bool:
    """Whether a commit follows a statement in its block."""
    following = block[block.index(statement) :]
    return any(_is_commit(node) for each in following for node in walk(each))


def _is_commit(node: ast.AST) -> bool:
    """Whether a node is the call of a commit."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"


def _is_added(node: ast.AST) -> bool:
    """Whether a node adds an object to a session."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return node.func.attr in ("add", "add_all", "delete", "merge") and name.lower() in ("session", "db", "db_session")


def has_transaction(code: Code, module: Module, function: FunctionNode) -> bool:
    """Whether a function, or one that calls it, opens a transaction; or its connection may be in one."""
    if _opens(function) or _depends_on_one(code, module, function):
        return True
    return any(
        _opens(caller)
        for other in code.own
        for caller in other.functions
        if caller is not function and any(found[1] is function for found in code.tools.callees.of(other, caller))
    )


def _depends_on_one(code: Code, module: Module, function: FunctionNode) -> bool:
    """Whether a route that reaches the function depends on something that opens a transaction around it."""
    routes = code.routes_of.get(f"{module.name}.{module.qualified(function)}", ())
    behind = (code.tools.table.function(name) for route in routes for name in route.dependencies)
    return any(found is not None and _opens(found[1]) for found in behind)


def _opens(function: FunctionNode) -> bool:
    """Whether a function opens a transaction."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("transaction", "begin", "begin_nested", "atomic")
        for node in walk(function)
    ) or any(isinstance(node, ast.Constant) and str(node.value).strip().upper() == "BEGIN" for node in walk(function))


def exclusive(module: Module, function: FunctionNode, first: ast.AST, second: ast.AST) -> bool:
    """Whether only one of two nodes runs: they stand in different branches, or the first's block ends before."""
    above: list[ast.AST] = []
    current: ast.AST | None = first
    while current is not None and current is not function:
        above.append(current)
        current = module.parents.get(current)
    for node in above:
        parent = module.parents.get(node)
        if not isinstance(parent, (ast.If, ast.Try, ast.Match)):
            continue
        inside = any(each is second for each in walk(node))
        if not inside and any(each is second for each in walk(parent)):
            return True
        if not inside and isinstance(parent, ast.If):
            ends = parent.body if node in parent.body else parent.orelse
            if ends and isinstance(ends[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break)):
                return True
    return False


def numeric_attributes(code: Code) -> dict[str, set[str]]:
    """Class -> its attributes that hold a quantity: whole or decimal numbers that are no key."""
    kinds = {"integer", "bigint", "smallint", "numeric", "float", "real", "double precision"}
    return {
        table.symbol: {
            column.attribute
            for column in table.columns
            if column.kind.name in kinds and not column.primary and not column.references
        }
        for table in code.tables
    }


def changes(code: Code) -> Iterator[tuple[Module, FunctionNode, str, ast.Attribute]]:
    """Each `name.attribute -= x` and `name.attribute = name.attribute - x` of the project's functions."""
    for module in code.own if code.tables else ():
        for function in module.functions:
            for node in module.within(function):
                target = _changed(node)
                if target is not None and isinstance(target.value, ast.Name):
                    yield module, function, target.value.id, target


def _changed(node: ast.AST) -> ast.Attribute | None:
    """The attribute that a node changes by adding or taking away."""
    if isinstance(node, ast.AugAssign) and isinstance(node.op, (ast.Add, ast.Sub)):
        return node.target if isinstance(node.target, ast.Attribute) else None
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Attribute)
        and isinstance(node.value, ast.BinOp)
    ):
        target = node.targets[0]
        same = any(ast.unparse(each) == ast.unparse(target) for each in (node.value.left, node.value.right))
        return target if same and isinstance(node.value.op, (ast.Add, ast.Sub)) else None
    return None


def loaded(code: Code, function: FunctionNode, name: str) -> OrmQuery | None:
    """The query of an ORM that fills a variable of a function, or None."""
    for query in code.orm_queries:
        if query.around is not function or query.kind not in ("get", "select"):
            continue
        for statement in query.module.assigned(function).get(name, []):
            if statement.value is not None and any(each is query.node for each in walk(statement.value)):
                return query
    return None


def is_safe(code: Code, module: Module, function: FunctionNode) -> bool:
    """Whether a function locks, isolates or counts versions; or writes nothing."""
    text = "\n".join(module.text.split("\n")[function.lineno - 1 : function.end_lineno])
    locked = any(query.locked for query in code.orm_queries if query.around is function)
    saves = re.search(r"commit|flush|\.save\(|\.begin\(|\badd\(", text)
    return locked or bool(_SAFE.search(text)) or not saves
