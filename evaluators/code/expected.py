"""What a recipe expects to see in the code. Rules: `expected-not-used`, `docstring-missing`."""

from __future__ import annotations

import ast

from evaluators.code.facts import Code
from evaluators.draft import Subject
from evaluators.finding import Finding, Location, Severity

OPTION = "part.expect"
"""The option that lists the symbols: `Depends,HTTPException,jwt.decode`."""
DOCSTRINGS = "part.docstrings"
"""The option that, as `required`, asks for a docstring on every module and class."""


def expected(subject: Subject) -> tuple[str, ...]:
    """The symbols that must be used, in order."""
    return tuple(symbol.strip() for symbol in subject.option(OPTION).split(",") if symbol.strip())


def findings(subject: Subject, code: Code) -> list[Finding]:
    """One finding for each expected symbol that no code (tests aside) calls, raises or names."""
    asked = expected(subject)
    used = {
        module.dotted(node)
        for module in (code.own if asked else ())
        for node in module.nodes
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load)
    }
    path = code.own[0].path if code.own else ""
    undocumented = _undocumented(code) if subject.option(DOCSTRINGS) == "required" else []
    return undocumented + [
        Finding(
            "expected-not-used",
            Severity.ERROR,
            Location(path),
            symbol,
            f"The request expects `{symbol}` to be used, and no code uses it.",
        )
        for symbol in asked
        if not any(name == symbol or name.endswith(f".{symbol}") for name in used)
    ]


def _undocumented(code: Code) -> list[Finding]:
    """One finding for each module and public class (tests aside) without a docstring."""
    found = []
    for module in code.own:
        classes = [node for node in module.nodes if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
        documented: list[ast.Module | ast.ClassDef] = [module.tree, *classes] if module.text.strip() else []
        for node in documented:
            if not ast.get_docstring(node):
                name = module.qualified(node) if isinstance(node, ast.ClassDef) else "the module"
                message = f"{name} has no docstring, and this level explains every choice."
                at = module.at(node) if isinstance(node, ast.ClassDef) else Location(module.path, 1)
                symbol = f"{module.name}.{name}"
                found.append(Finding("docstring-missing", Severity.ERROR, at, symbol, message[0].upper() + message[1:]))
    return found
