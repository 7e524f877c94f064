"""Rule secret-logged."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import is_constant, last_name, words
from evaluators.code.facts import Code, Module
from evaluators.code.module import FunctionNode
from evaluators.code.walking import children, walk
from evaluators.rule import Flaw, rule

_LEVELS = ("debug", "info", "warning", "error", "exception", "critical", "log")
_GIVEN = {"input", "getpass", "getenv", "environ", "get", "parse", "load", "read", "find", "settings", "config", "str"}
"""Words of calls that hand out what was there before."""
_SECRET = {"password", "passwd", "pwd", "token", "secret", "authorization"}
_ABOUT = {
    "age", "algorithm", "bits", "bytes", "chars", "count", "days", "error", "expires", "hash", "hours", "id", "kind",
    "len", "length", "lifetime", "limit", "max", "min", "minutes", "name", "seconds", "size", "status", "ttl", "type",
    "url",
}  # fmt: skip


def _logs(module: Module, call: ast.Call) -> bool:
    """Whether a call writes to a log or prints."""
    if module.called(call) == "print":
        return True
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _LEVELS:
        return False
    return "log" in last_name(call.func.value).lower()


def _parts(call: ast.Call) -> Iterator[ast.Name | ast.Attribute | ast.Subscript]:
    """The names, attributes and keys whose values are written."""
    waiting: list[ast.AST] = [*call.args, *(each.value for each in call.keywords)]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            yield node
        elif isinstance(node, (ast.JoinedStr, ast.FormattedValue, ast.Dict, ast.BinOp, ast.Tuple)):
            waiting.extend(children(node))


def _shows(module: Module, call: ast.Call) -> bool:
    """Whether a command prints, for who runs it, what it has just made: a new key is shown once."""
    around = module.function_around(call)
    if module.called(call) != "print" or around is None or around not in _commands(module):
        return False
    assigned = module.assigned(around)
    shown = [node for node in _parts(call) if _is_secret(last_name(node))]
    return all(any(_is_made(module, each.value) for each in assigned.get(_root(node), ())) for node in shown)


def _is_made(module: Module, value: ast.expr | None) -> bool:
    """Whether a value comes of a call that makes it, and is not asked for or read from the environment."""
    made = value.value if isinstance(value, ast.Await) else value
    return isinstance(made, ast.Call) and not set(words(module.called(made))) & _GIVEN


def _root(node: ast.AST) -> str:
    """The variable that a chain starts from: `made` of `made["secret"]`."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _commands(module: Module) -> set[FunctionNode]:
    """The functions that a module run as a program calls, near and far, and nothing that a route may call."""
    own = {each.name: each for each in module.tree.body if isinstance(each, FunctionNode)}
    waiting: list[ast.AST] = [each for each in module.tree.body if isinstance(each, ast.If) and _is_main(each.test)]
    found: set[FunctionNode] = set()
    while waiting:
        for node in walk(waiting.pop()):
            called = own.get(node.func.id) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
            if called is not None and called not in found and not called.decorator_list:
                found.add(called)
                waiting.append(called)
    return found


def _is_main(test: ast.expr) -> bool:
    """Whether a condition is `__name__ == "__main__"`."""
    names = {node.id for node in walk(test) if isinstance(node, ast.Name)}
    return "__name__" in names and any(is_constant(node, "__main__") for node in walk(test))


def _is_secret(name: str) -> bool:
    """Whether a name stands for a secret's value."""
    parts = set(words(name))
    return bool(parts & _SECRET) and not parts & _ABOUT


def _is_number(module: Module, name: str) -> bool:
    """Whether a name is the module's for a number that is written down."""
    for node in module.tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            value = getattr(node, "value", None)
            return isinstance(value, ast.Constant) and isinstance(value.value, int | float)
    return False


@alone
@rule("secret-logged", family="code", security=True)
def secret_logged(code: Code) -> Iterator[Flaw]:
    """A password or a token is written to the log.

    Why: Logs are copied, shipped and read by many; what is in them is no secret any more.

    Bad:
        ```python app/login.py
        import logging

        def login(name: str, password: str):
            logging.info("login of %s with %s", name, password)
        ```

    Good:
        ```python app/login.py
        import logging

        def login(name: str, password: str, token_id: str):
            logging.info("login of %s, token %s", name, token_id)
        ```

    Boundary:
        ```python app/login.py
        import logging

        def login(name: str, token_count: int, password_length: int):
            logging.info("login of %s: %s tokens, %s letters", name, token_count, password_length)
        ```
        ```python app/settings.py
        import logging
        import os

        MIN_SECRET_BYTES = 32
        SECRET = 1

        def check() -> None:
            if len(os.environ["JWT_SECRET"].encode()) < MIN_SECRET_BYTES:
                logging.warning("the secret is shorter than %d bytes (%d)", MIN_SECRET_BYTES, SECRET)
        ```
        ```python app/new_client.py
        import secrets
        import sys

        def main(label: str) -> None:
            client_secret = secrets.token_urlsafe(32)
            print(f"{label}: {client_secret}")

        if __name__ == "__main__":
            main(sys.argv[1])
        ```

    Precision: Goes by the names of what is written. A secret under another name, or inside an object that is
    written as a whole, is missed. A command that prints what it has just made shows it to who runs it; one that
    prints what it was given, or writes to a log, is told.

    Source: OWASP Logging Cheat Sheet; CWE-532.
    """
    for module in code.own:
        for call in module.calls:
            if not _logs(module, call) or _shows(module, call):
                continue
            named = [name for name in map(last_name, _parts(call)) if _is_secret(name)]
            secret = next((name for name in named if not _is_number(module, name)), "")
            if secret:
                yield Flaw(
                    f"{module.name}.{module.qualified(call)}",
                    module.at(call),
                    f"`{secret}` goes into the log.",
                    module.source(call),
                    "Log who and what, never the secret.",
                )
