"""Rule naive-datetime."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import argument
from evaluators.code.facts import Code, Module
from evaluators.rule import Flaw, rule

_NAIVE = ("datetime.datetime.utcnow", "datetime.datetime.utcfromtimestamp")


def _naive(module: Module, node: ast.AST) -> str:
    """What a node makes without a time zone (`datetime.utcnow`); empty where it does not."""
    if isinstance(node, ast.Attribute) and module.dotted(node) in _NAIVE:
        return "datetime." + node.attr
    if not isinstance(node, ast.Call):
        return ""
    called = module.called(node)
    if called == "datetime.datetime.now" and argument(node, 0, "tz") is None:
        return "datetime.now()"
    if called == "datetime.datetime.fromtimestamp" and argument(node, 1, "tz") is None:
        return "datetime.fromtimestamp(...)"
    return ""


@alone
@rule("naive-datetime", family="code")
def naive_datetime(code: Code) -> Iterator[Flaw]:
    """A point in time is made without a time zone.

    Why: It means another moment on every machine, and comparing it with one that
    has a time zone raises TypeError: a 500 that no test on one machine shows.

    Bad:
        ```python app/clock.py
        from datetime import datetime

        def now() -> datetime:
            return datetime.utcnow()
        ```

    Good:
        ```python app/clock.py
        from datetime import UTC, datetime

        def now() -> datetime:
            return datetime.now(UTC)
        ```

    Boundary:
        ```python app/clock.py
        from datetime import UTC, date, datetime

        def today() -> date:
            return datetime.now(tz=UTC).date()
        ```

    Precision: Only calls that make a time of now or from a stamp. Times that come in without a zone are the
    contract's affair.

    Source: Python documentation, datetime.utcnow is deprecated since 3.12.
    """
    for module in code.own:
        for node in module.nodes:
            what = _naive(module, node)
            if what:
                yield Flaw(
                    f"{module.name}.{module.qualified(node)}",
                    module.at(node),
                    f"`{what}` gives a time without a time zone.",
                    module.source(node),
                    "datetime.now(UTC)",
                )
