"""Rule swallowed-error."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import caught
from evaluators.code.facts import Code
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _is_text(node: ast.stmt) -> bool:
    """Whether a statement is a bare constant (`...`, a docstring)."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@alone
@rule("swallowed-error", family="code", severity=Severity.WARNING)
def swallowed_error(code: Code) -> Iterator[Flaw]:
    """Every error is caught and nothing is done about it.

    Why: The caller is told that all went well, and nobody can find out why it did not.

    Bad:
        ```python app/mail.py
        def send(message):
            try:
                message.deliver()
            except Exception:
                pass
        ```

    Good:
        ```python app/mail.py
        import logging

        def send(message):
            try:
                message.deliver()
            except Exception:
                logging.exception("the message was not delivered")
                raise
        ```

    Boundary:
        ```python app/mail.py
        def send(message):
            try:
                message.deliver()
            except ConnectionError:
                pass
        ```

    Precision: Only bare or general catches that do nothing. Catches of one kind of error, and those that return or
    log, are left out.

    Source: CWE-390.
    """
    for module in code.own:
        for node in module.nodes:
            if not isinstance(node, ast.ExceptHandler) or not {"Exception", "BaseException"} & set(
                caught(module, node)
            ):
                continue
            if all(isinstance(each, (ast.Pass, ast.Continue)) or _is_text(each) for each in node.body):
                yield Flaw(
                    f"{module.name}.{module.qualified(node)}",
                    module.at(node),
                    "Every error is caught here and dropped.",
                    module.source(node),
                    "Catch what is expected; log the rest and raise it again.",
                )
