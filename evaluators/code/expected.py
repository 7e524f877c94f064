"""What a recipe expects to see used in the code. Rule: `expected-not-used`."""

from __future__ import annotations

import ast

from evaluators.code.facts import Code
from evaluators.draft import Subject
from evaluators.finding import Finding, Location, Severity

OPTION = "part.expect"
"""The option that lists the symbols: `Depends,HTTPException,jwt.decode`."""


def expected(subject: Subject) -> tuple[str, ...]:
    """The symbols that must be used, in order."""
    return tuple(symbol.strip() for symbol in subject.option(OPTION).split(",") if symbol.strip())


def findings(subject: Subject, code: Code) -> list[Finding]:
    """One finding for each expected symbol that no code (tests aside) calls, raises or names."""
    used = {
        module.dotted(node)
        for module in code.own
        for node in module.nodes
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load)
    }
    path = code.own[0].path if code.own else ""
    return [
        Finding(
            "expected-not-used",
            Severity.ERROR,
            Location(path),
            symbol,
            f"The request expects `{symbol}` to be used, and no code uses it.",
        )
        for symbol in expected(subject)
        if not any(name == symbol or name.endswith(f".{symbol}") for name in used)
    ]
