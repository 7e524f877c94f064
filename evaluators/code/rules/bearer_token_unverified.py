"""Rule bearer-token-unverified."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.facts import Code, Module, Route
from evaluators.code.module import FunctionNode
from evaluators.code.routes import Dependencies
from evaluators.rule import Flaw, rule

_SCHEMES = ("HTTPBearer", "OAuth2PasswordBearer", "OAuth2AuthorizationCodeBearer", "APIKeyHeader")
_CHECKS = (
    "decode",
    "verify",
    "compare_digest",
    "introspect",
    "authenticate",
    "validate",
    "check",
    "lookup",
    "find",
    "get_user",
)


def _schemes(module: Module) -> Iterator[str]:
    """The keys of the security schemes that a module makes."""
    for name, value in module.constants.items():
        if isinstance(value, ast.Call) and module.called(value).rpartition(".")[2] in _SCHEMES:
            yield f"{module.name}.{name}"


def _verifies(module: Module, call: ast.Call) -> bool:
    """Whether a call verifies a token anywhere: the rule is about code that has no such thing."""
    called = module.called(call)
    return called in ("jwt.decode", "jose.jwt.decode", "hmac.compare_digest", "secrets.compare_digest")


def _looks_up(route: Route, table: Dependencies) -> bool:
    """Whether the route, or what it depends on, asks a database or something named like a check."""
    behind: list[tuple[Module, FunctionNode]] = [(route.module, route.node)]
    behind += [found for key in route.dependencies if (found := table.function(key))]
    names = [
        (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
        for _, function in behind
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
    ]
    asked = {"execute", "scalar", "scalars", "exec", "query", "get", "fetchrow", "fetchone"}
    return any(name in asked or any(check in name for check in _CHECKS) for name in names)


@rule("bearer-token-unverified", family="code", security=True)
def bearer_token_unverified(code: Code) -> Iterator[Flaw]:
    """A route takes a bearer token and never verifies it.

    Why: Any text opens the door; the lock is painted on.

    Bad:
        ```python app/main.py
        from fastapi import Depends, FastAPI
        from fastapi.security import HTTPBearer

        app = FastAPI()
        bearer = HTTPBearer()

        @app.get("/me")
        def me(credentials=Depends(bearer)):
            return {"id": credentials.credentials.split(":")[0]}
        ```

    Good:
        ```python app/main.py
        import os

        import jwt
        from fastapi import Depends, FastAPI
        from fastapi.security import HTTPBearer

        app = FastAPI()
        bearer = HTTPBearer()

        def subject(credentials=Depends(bearer)) -> str:
            secret = os.environ["JWT_SECRET"]
            return jwt.decode(credentials.credentials, secret, algorithms=["HS256"])["sub"]

        @app.get("/me")
        def me(who: str = Depends(subject)):
            return {"id": who}
        ```

    Boundary:
        ```python app/main.py
        from fastapi import Depends, FastAPI
        from fastapi.security import HTTPBearer

        from app.sessions import lookup

        app = FastAPI()
        bearer = HTTPBearer()

        @app.get("/me")
        def me(credentials=Depends(bearer)):
            return {"id": lookup(credentials.credentials)}
        ```

    Precision: Looks for a verification anywhere in the project, and for a call named like a look-up in the route
    or behind it: a call that only sounds like one is believed.

    Source: OWASP API2:2023 Broken Authentication; CWE-306.
    """
    table = Dependencies(code.own)
    schemes = {key for module in code.own for key in _schemes(module)}
    if not schemes or any(_verifies(module, call) for module in code.own for call in module.calls):
        return
    for route in code.routes:
        if set(route.dependencies) & schemes and not _looks_up(route, table):
            yield Flaw(
                f"{route.method} {route.path}",
                route.at,
                "This route takes a bearer token that nothing verifies.",
                route.module.source(route.node),
                'Verify it: jwt.decode(token, secret, algorithms=["HS256"]), or look it up.',
            )
