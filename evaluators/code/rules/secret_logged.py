"""Rule secret-logged."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import last_name, words
from evaluators.code.facts import Code, Module
from evaluators.code.walking import children
from evaluators.rule import Flaw, rule

_LEVELS = ("debug", "info", "warning", "error", "exception", "critical", "log")
_SECRET = {"password", "passwd", "pwd", "token", "secret", "authorization"}
_ABOUT = {"id", "type", "hash", "count", "length", "name", "url", "expires", "ttl", "status", "kind", "error"}


def _logs(module: Module, call: ast.Call) -> bool:
    """Whether a call writes to a log or prints."""
    if module.called(call) == "print":
        return True
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _LEVELS:
        return False
    return "log" in last_name(call.func.value).lower()


def _written(call: ast.Call) -> Iterator[str]:
    """The names whose values are written."""
    waiting: list[ast.AST] = [*call.args, *(each.value for each in call.keywords)]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            yield last_name(node)
        elif isinstance(node, (ast.JoinedStr, ast.FormattedValue, ast.Dict, ast.BinOp, ast.Tuple)):
            waiting.extend(children(node))


def _is_secret(name: str) -> bool:
    """Whether a name stands for a secret's value."""
    parts = set(words(name))
    return bool(parts & _SECRET) and not parts & _ABOUT


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

    Precision: Goes by the names of what is written. A secret under another name, or inside an object that is
    written as a whole, is missed.

    Source: OWASP Logging Cheat Sheet; CWE-532.
    """
    for module in code.own:
        for call in module.calls:
            if not _logs(module, call):
                continue
            secret = next((name for name in _written(call) if _is_secret(name)), "")
            if secret:
                yield Flaw(
                    f"{module.name}.{module.qualified(call)}",
                    module.at(call),
                    f"`{secret}` goes into the log.",
                    module.source(call),
                    "Log who and what, never the secret.",
                )
