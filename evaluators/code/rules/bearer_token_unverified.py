"""Rule bearer-token-unverified."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.facts import Code, Module, Route
from evaluators.code.inputs import grown
from evaluators.code.module import FunctionNode
from evaluators.code.routes import Dependencies
from evaluators.code.walking import walk
from evaluators.rule import Flaw, rule

_SCHEMES = ("HTTPBearer", "OAuth2PasswordBearer", "OAuth2AuthorizationCodeBearer", "APIKeyHeader")
_TEXT = ("split", "strip", "startswith", "removeprefix", "partition", "lower", "replace", "str", "encode", "int", "len")
"""Calls that look at a token's text and prove nothing."""


def _schemes(module: Module) -> Iterator[str]:
    """The keys of the security schemes that a module makes."""
    for name, value in module.constants.items():
        if isinstance(value, ast.Call) and module.called(value).rpartition(".")[2] in _SCHEMES:
            yield f"{module.name}.{name}"


def _verifies(module: Module, call: ast.Call) -> bool:
    """Whether a call verifies a token anywhere: the rule is about code that has no such thing."""
    called = module.called(call)
    return called in ("jwt.decode", "jose.jwt.decode", "hmac.compare_digest", "secrets.compare_digest")


def _hands_on(route: Route, table: Dependencies, schemes: set[str]) -> bool:
    """Whether the route, or what it depends on, gives the token, or what follows from it, to a call that may check."""
    behind: list[tuple[Module, FunctionNode]] = [(route.module, route.node)]
    behind += [found for key in route.dependencies if (found := table.function(key))]
    for module, function in behind:
        carried = {
            name for name, keys in table.of_parameters(module, function).items() if schemes & set(table.closure(keys))
        }
        names = grown(module, function, set(carried))
        for call in (node for statement in function.body for node in walk(statement) if isinstance(node, ast.Call)):
            called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            given = [*call.args, *(each.value for each in call.keywords)]
            inside = {each.id for part in given for each in walk(part) if isinstance(each, ast.Name)}
            if called not in (*_TEXT, "HTTPException") and inside & names:
                return True
    return False


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
        ```python app/keys.py
        from fastapi import APIRouter, Depends, HTTPException
        from fastapi.routing import APIRoute
        from fastapi.security import APIKeyHeader

        from app.sessions import lookup

        documented = APIKeyHeader(name="X-API-Key", auto_error=False)

        class Keyed(APIRoute):
            def get_route_handler(self):
                handler = super().get_route_handler()

                async def checked(request):
                    if lookup(request.headers.get("x-api-key")) is None:
                        raise HTTPException(401)
                    return await handler(request)

                return checked

        router = APIRouter(route_class=Keyed, dependencies=[Depends(documented)])

        @router.get("/keys")
        def keys():
            return {"kept": 0}
        ```

    Precision: Looks for a verification anywhere in the project. A token that is handed to any call but those on
    its text is believed to be checked there, and so is one beside which another guard stands.

    Source: OWASP API2:2023 Broken Authentication; CWE-306.
    """
    table = code.tools.table
    schemes = {key for module in code.speaking(*_SCHEMES) for key in _schemes(module)}
    if not schemes or any(_verifies(module, call) for module in code.own for call in module.calls):
        return
    for route in code.routes:
        behind = set(table.closure(sorted(schemes)))
        elsewhere = any(not behind & {key, *table.closure([key])} for key in route.guards)
        if set(route.dependencies) & schemes and not elsewhere and not _hands_on(route, table, schemes):
            yield Flaw(
                f"{route.method} {route.path}",
                route.at,
                "This route takes a bearer token that nothing verifies.",
                route.module.source(route.node),
                'Verify it: jwt.decode(token, secret, algorithms=["HS256"]), or look it up.',
            )
