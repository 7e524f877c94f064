"""Rule secret-compared-plainly."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import SECRET_WORDS, last_name, words
from evaluators.code.facts import Code, Module
from evaluators.rule import Flaw, rule

_ABOUT = {"type", "id", "name", "count", "url", "version", "algorithm", "length", "kind", "header", "prefix", "status"}


def _is_secret(name: str) -> bool:
    """Whether a name stands for a secret's value."""
    parts = words(name)
    named = set(parts) & SECRET_WORDS or {("api", "key")} & set(itertools.pairwise(parts))
    return bool(named) and not set(parts) & _ABOUT


def _is_comparison_of_texts(left: ast.expr, right: ast.expr) -> bool:
    """Whether both sides are values that are not known here, and not two fields of one object."""
    if any(isinstance(side, (ast.Constant, ast.List, ast.Tuple, ast.Dict)) for side in (left, right)):
        return False
    if any(last_name(side).isupper() and isinstance(side, ast.Attribute) for side in (left, right)):
        return False
    if isinstance(left, ast.Attribute) and isinstance(right, ast.Attribute):
        return ast.dump(left.value) != ast.dump(right.value)
    again = {"again", "confirm", "confirmation", "confirmed", "repeat", "repeated", "old", "new", "current"}
    return not any(set(words(last_name(side))) & again for side in (left, right))


def _is_statement(module: Module, node: ast.AST) -> bool:
    """Whether a comparison is part of a database query, where it is SQL."""
    current = module.parents.get(node)
    while current is not None and not isinstance(current, ast.stmt):
        if isinstance(current, ast.Call) and last_name(current.func) in (
            "where", "filter", "select", "join", "outerjoin", "having", "exists", "and_", "or_", "not_", "values", "on",
        ):  # fmt: skip
            return True
        current = module.parents.get(current)
    return False


@alone
@rule("secret-compared-plainly", family="code", security=True)
def secret_compared_plainly(code: Code) -> Iterator[Flaw]:
    """A secret is compared with `==`.

    Why: The comparison ends at the first character that differs, so its time
    tells how much of a guess is right.

    Bad:
        ```python app/webhook.py
        def is_genuine(signature: str, expected: str) -> bool:
            return signature == expected
        ```

    Good:
        ```python app/webhook.py
        import hmac

        def is_genuine(signature: str, expected: str) -> bool:
            return hmac.compare_digest(signature, expected)

        def is_refresh(claims: dict) -> bool:
            return claims["token_type"] == "refresh"

        def by_token(session, token: str):
            return session.scalar(select(Session).where(Session.token == token))

        class Change:
            def same(self) -> bool:
                return self.new_password == self.new_password_again
        ```

    Boundary:
        ```python app/webhook.py
        def kind(token_type: str, password_hash: str | None) -> bool:
            return token_type == "refresh" or password_hash is None
        ```

    Precision: Goes by the words of a name. Comparisons with constants, with None and inside of statements of an
    ORM are left out.

    Source: Python documentation, hmac.compare_digest; CWE-208.
    """
    for module in code.own:
        for node in module.nodes:
            if (
                not isinstance(node, ast.Compare)
                or len(node.ops) != 1
                or not isinstance(node.ops[0], (ast.Eq, ast.NotEq))
            ):
                continue
            left, right = node.left, node.comparators[0]
            secret = next((last_name(side) for side in (left, right) if _is_secret(last_name(side))), "")
            if module.qualified(node).endswith("__eq__"):
                continue
            if secret and _is_comparison_of_texts(left, right) and not _is_statement(module, node):
                yield Flaw(
                    f"{module.name}.{module.qualified(node)}",
                    module.at(node),
                    f"`{secret}` is compared in a time that depends on its value.",
                    module.source(node),
                    "Use hmac.compare_digest; verify passwords with the hash's own function.",
                )
