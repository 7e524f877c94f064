"""Rule long-lived-token."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from evaluators.code.expressions import keyword, number_of
from evaluators.code.facts import Code, Module
from evaluators.code.walking import walk
from evaluators.rule import Flaw, rule

_ENDED = re.compile(r"refresh|revo[ck]|blacklist|denylist|blocklist|token_version|jti", re.IGNORECASE)


def _identifiers(module: Module) -> Iterator[str]:
    """Every name and text of a module."""
    for node in module.nodes:
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 40:
            yield node.value


def _hours(module: Module, node: ast.AST) -> float:
    """The length of a `timedelta(...)` of constants, in hours; 0 for anything else."""
    if not isinstance(node, ast.Call) or not module.called(node).endswith("timedelta"):
        return 0.0
    lengths = {"days": 24.0, "weeks": 168.0, "hours": 1.0, "minutes": 1 / 60, "seconds": 1 / 3600}
    given = {unit: number_of(module, keyword(node, unit)) for unit in lengths}
    if node.args:
        given["days"] = number_of(module, node.args[0])
    return sum((value or 0.0) * lengths[unit] for unit, value in given.items())


@rule("long-lived-token", family="code", security=True)
def long_lived_token(code: Code) -> Iterator[Flaw]:
    """A token is good for a day or longer, and nothing can end it before.

    Why: Whoever copies it once is the user for all that time; logging out and
    changing the password do not help.

    Bad:
        ```python app/tokens.py
        from datetime import UTC, datetime, timedelta

        import jwt

        def issue(user: str, secret: str) -> str:
            return jwt.encode({"sub": user, "exp": datetime.now(UTC) + timedelta(days=7)}, secret, algorithm="HS256")
        ```

    Good:
        ```python app/tokens.py
        from datetime import UTC, datetime, timedelta

        import jwt

        def issue(user: str, secret: str) -> str:
            ends = datetime.now(UTC) + timedelta(minutes=15)
            return jwt.encode({"sub": user, "exp": ends}, secret, algorithm="HS256")
        ```

    Boundary:
        ```python app/tokens.py
        from datetime import UTC, datetime, timedelta

        import jwt

        def issue(user: str, secret: str, refresh_id: str) -> str:
            return jwt.encode({"sub": user, "jti": refresh_id, "exp": datetime.now(UTC) + timedelta(days=7)}, secret)
        ```

    Precision: Silent in a project that names a refresh, a revocation or a token's id anywhere. Lifetimes from the
    environment are not known.

    Source: OWASP JSON Web Token Cheat Sheet; RFC 9700 section 4.14.
    """
    issuing = code.speaking("jwt")
    speaking = (module for module in code.own if issuing and _ENDED.search(module.text))
    if any(_ENDED.search(name) for module in speaking for name in _identifiers(module)):
        return
    for module in issuing:
        for call in module.calls:
            if module.called(call) not in ("jwt.encode", "jose.jwt.encode"):
                continue
            around: ast.AST = module.function_around(call) or module.tree
            for node in walk(around):
                hours = _hours(module, node)
                if hours >= 24:
                    yield Flaw(
                        f"{module.name}.{module.qualified(call)}",
                        module.at(node),
                        f"This token is good for {hours:.0f} hours, and there is no refresh and no revocation.",
                        module.source(node),
                        "Minutes for the token, with a refresh token that the database can end.",
                    )
                    break
