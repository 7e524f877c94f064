"""Rule unmounted-router."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.module import Module
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def is_loose(module: Module, call: ast.Call) -> bool:
    """Whether a call includes a router that cannot be followed to its name."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("include_router", "register_blueprint"):
        return False
    given = call.args[0] if call.args else None
    if not isinstance(given, (ast.Name, ast.Attribute)):
        return True
    root: ast.expr = given
    while isinstance(root, ast.Attribute):
        root = root.value
    return not isinstance(root, ast.Name) or (root.id not in module.names and root.id not in module.constants)


@rule("unmounted-router", family="code", severity=Severity.WARNING)
def unmounted_router(code: Code) -> Iterator[Flaw]:
    """A router has routes, and no application includes it.

    Why: The code looks finished and tested by reading; every request to it is a 404.

    Bad:
        ```python app/main.py
        from fastapi import FastAPI

        app = FastAPI()
        ```
        ```python app/users.py
        from fastapi import APIRouter

        router = APIRouter(prefix="/users")

        @router.get("")
        def users():
            return []

        @router.get("/me")
        def me():
            return {}
        ```

    Good:
        ```python app/main.py
        from fastapi import FastAPI

        from app.users import router

        app = FastAPI()
        app.include_router(router)
        ```
        ```python app/users.py
        from fastapi import APIRouter

        router = APIRouter(prefix="/users")

        @router.get("")
        def users():
            return []
        ```

    Boundary:
        ```python app/users.py
        from fastapi import APIRouter

        router = APIRouter(prefix="/users")

        @router.get("")
        def users():
            return []
        ```

    Precision: Silent where the project has no application of its own (a part of one), and where routers are
    included in a loop or by a name that cannot be followed.

    Source: FastAPI documentation, Bigger Applications.
    """
    if not code.routes:
        return
    apps = any(route.mounted for route in code.routes) or any(
        code_module.called(call).rpartition(".")[2] in ("FastAPI", "Flask")
        for code_module in code.speaking("FastAPI", "Flask")
        for call in code_module.calls
    )
    loose = any(
        is_loose(module, call)
        for module in code.speaking("include_router", "register_blueprint")
        for call in module.calls
    )
    told: set[str] = set()
    for route in code.routes:
        if apps and not loose and not route.mounted and route.module.name not in told:
            told.add(route.module.name)
            yield Flaw(
                route.module.name,
                route.at,
                f"No application includes the router of `{route.module.name}`.",
                "",
                "Include it, or delete it.",
            )
