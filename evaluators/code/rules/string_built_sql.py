"""Rule string-built-sql."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import is_constant, parameters
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
    chosen -= {name for name in chosen if _fixed(module, function, name)}
    for _ in range(3):
        for node in module.within(function):
            if (
                isinstance(node, ast.Assign)
                and _names(module, node.value) & chosen
                and not _looked_up(module, node.value)
            ):
                chosen |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return chosen


def _fixed(module: Module, function: FunctionNode, name: str) -> bool:
    """Whether the module's own calls of a helper all give a parameter what is written down: a text, or fixed names."""
    if function not in module.tree.body or function.decorator_list:
        return False
    calls = [call for call in module.calls if isinstance(call.func, ast.Name) and call.func.id == function.name]
    place = [argument.arg for argument in parameters(function)].index(name)
    given = [_argument(call, place, name) for call in calls]
    return bool(given) and all(
        each is not None and _written_down(module, call, each) for call, each in zip(calls, given, strict=True)
    )


def _argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    """What a call gives a parameter; None where that cannot be told."""
    if any(isinstance(each, ast.Starred) for each in call.args) or any(each.arg is None for each in call.keywords):
        return None
    named = next((each.value for each in call.keywords if each.arg == name), None)
    return named or (call.args[place] if place < len(call.args) else None)


def _written_down(module: Module, call: ast.Call, node: ast.expr) -> bool:
    """Whether a value is a text of the code, or a mapping with such keys: a literal's, or a model's fields."""
    if isinstance(node, ast.Name):
        around = module.function_around(call)
        held = module.assigned(around).get(node.id, ()) if around is not None else ()
        if held:
            return all(each.value is not None and _written_down(module, call, each.value) for each in held)
        known = around is None or node.id not in {argument.arg for argument in parameters(around)}
        return known and node.id in module.constants
    if isinstance(node, ast.Dict):
        return all(
            isinstance(key, ast.Constant) or (key is None and _written_down(module, call, value))
            for key, value in zip(node.keys, node.values, strict=True)
        )
    if isinstance(node, ast.Call):
        open_ended = (is_constant(word.value, "allow") for each in module.calls for word in each.keywords)
        return isinstance(node.func, ast.Attribute) and node.func.attr == "model_dump" and not any(open_ended)
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


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
        ```python app/notes.py
        from pydantic import BaseModel

        class NoteIn(BaseModel):
            text: str

        def insert(connection, table: str, values: dict):
            columns = ", ".join(values)
            marks = ", ".join(f":{name}" for name in values)
            return connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)

        def create(connection, note: NoteIn):
            insert(connection, "log", {"what": "note"})
            return insert(connection, "notes", {**note.model_dump(), "state": "new"})
        ```

    Precision: Follows parameters within one function. Numbers, entries of a constant mapping and results of calls
    are taken for safe; what a helper puts together is missed. A helper that its own module calls with written-down
    names alone (texts, keys of a literal, a model's fields) is safe, whoever else may call it.

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
