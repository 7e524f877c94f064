"""Rule guessable-token."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import words
from evaluators.code.facts import Code, Module
from evaluators.rule import Flaw, rule

_SECRET = {"token", "secret", "otp", "password", "salt", "nonce", "pin", "code", "key", "session"}


def _is_for_secret(module: Module, call: ast.Call) -> bool:
    """Whether the function around, or the variable assigned to, is named like a secret."""
    function = module.function_around(call)
    named = set(words(function.name)) if function is not None else set()
    current: ast.AST | None = call
    while current is not None and not isinstance(current, ast.stmt):
        current = module.parents.get(current)
    if isinstance(current, ast.Assign):
        named |= {word for target in current.targets for word in words(ast.unparse(target))}
    return bool(named & _SECRET)


@alone
@rule("guessable-token", family="code", security=True)
def guessable_token(code: Code) -> Iterator[Flaw]:
    """A token is made with `random`, which can be predicted.

    Why: `random` is made for simulations. A few of its numbers tell all the next ones.

    Bad:
        ```python app/codes.py
        import random

        def reset_token() -> str:
            return "".join(random.choice("abcdef0123456789") for _ in range(32))
        ```

    Good:
        ```python app/codes.py
        import random
        import secrets

        def reset_token() -> str:
            return secrets.token_urlsafe(32)

        def pick(items: list):
            return random.choice(items)
        ```

    Boundary:
        ```python app/codes.py
        import random

        def reset_token() -> str:
            source = random.SystemRandom()
            return "".join(source.choice("abcdef0123456789") for _ in range(32))

        def sample(items: list):
            return random.sample(items, 3)
        ```

    Precision: Goes by the words of the function, the variable or the argument that the number is for.

    Source: Python documentation, secrets; CWE-338.
    """
    for module in code.own:
        seen: set[str] = set()
        for call in module.calls:
            called = module.called(call)
            where = f"{module.name}.{module.qualified(call)}"
            predictable = called.startswith("random.") and not called.startswith("random.SystemRandom")
            if predictable and where not in seen and _is_for_secret(module, call):
                seen.add(where)
                yield Flaw(
                    where,
                    module.at(call),
                    f"`{called}` can be predicted, and this is a secret.",
                    module.source(call),
                    "Use the module `secrets`.",
                )
