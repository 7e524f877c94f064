"""Rule identity-from-body."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.facts import Code, Module, Route
from evaluators.code.module import FunctionNode
from evaluators.code.routes import Dependencies
from evaluators.code.walking import walk
from evaluators.rule import Flaw, rule

_ACTORS = ("user_id", "owner_id", "sender_id", "author_id", "customer_id", "account_owner_id")


def _users(route: Route, table: Dependencies) -> set[str]:
    """The parameters of a route that carry the token's user."""
    return {
        name
        for name, keys in table.of_parameters(route.module, route.node).items()
        if any("user" in key.rpartition(".")[2].lower() or _decodes(table.function(key)) for key in table.closure(keys))
    }


def _decodes(found: tuple[Module, FunctionNode] | None) -> bool:
    """Whether a function reads a token."""
    if found is None:
        return False
    module, function = found
    return any(module.called(node).endswith("jwt.decode") for node in walk(function) if isinstance(node, ast.Call))


def _body(function: FunctionNode) -> Iterator[ast.AST]:
    """Every node of a function's body."""
    for statement in function.body:
        yield from walk(statement)


@rule("identity-from-body", family="code", security=True)
def identity_from_body(code: Code) -> Iterator[Flaw]:
    """A signed-in route takes the acting user from the body.

    Why: The caller writes the body. With the token's user unread, anybody acts
    as anybody.

    Bad:
        ```python app/main.py
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel

        from app.auth import current_user

        app = FastAPI()

        class Order(BaseModel):
            user_id: int

        @app.post("/orders")
        def order(body: Order, user: str = Depends(current_user)):
            return {"owner": body.user_id}
        ```

    Good:
        ```python app/main.py
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel

        from app.auth import current_user

        app = FastAPI()

        class Order(BaseModel):
            item: str

        @app.post("/orders")
        def order(body: Order, user: str = Depends(current_user)):
            return {"owner": user, "item": body.item}
        ```

    Boundary:
        ```python app/main.py
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel

        from app.auth import current_user

        app = FastAPI()

        class Share(BaseModel):
            user_id: int

        @app.post("/shares")
        def share(body: Share, user: str = Depends(current_user)):
            return {"from": user, "to": body.user_id}
        ```

    Precision: Only routes whose parameters carry the token's user and whose body never reads it. A user that is
    read for another purpose hides the defect.

    Source: OWASP API1:2023 Broken Object Level Authorization; CWE-639.
    """
    table = Dependencies(code.own)
    for route in code.routes:
        users = _users(route, table)
        if not users or any(isinstance(node, ast.Name) and node.id in users for node in _body(route.node)):
            continue
        for node in _body(route.node):
            if isinstance(node, ast.Attribute) and node.attr in _ACTORS and isinstance(node.value, ast.Name):
                yield Flaw(
                    f"{route.method} {route.path}",
                    route.module.at(node),
                    f"`{node.value.id}.{node.attr}` says who acts, and the token's user is not read.",
                    route.module.source(node),
                    "Take the user from the verified token.",
                )
                break
