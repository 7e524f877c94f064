"""The rule unguarded-route."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evaluators.code.route import Route
from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

SHARE = 0.7
LEAST = 3
"""A dependency that at least this share of at least so many secured routes has is taken for their guard."""


@rule("unguarded-route", family="cross", severity=Severity.ERROR, security=True)
def unguarded_route(facts: Facts) -> Iterator[Flaw]:
    """The contract secures an operation, and its route asks nobody who is there.

    Why: The contract promises a 401, and the code answers everybody.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{jwt: []}]
    paths:
      /items:
        get:
          operationId: getItems
          responses:
            "204": {description: Done.}
            "401": {description: Log in.}
        post:
          operationId: postItems
          responses:
            "204": {description: Done.}
            "401": {description: Log in.}
      /items/{id}:
        get:
          operationId: getItemsId
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses:
            "204": {description: Done.}
            "404": {description: No such item.}
            "401": {description: Log in.}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```
    ```python app/main.py
    from fastapi import Depends, FastAPI, HTTPException
    from fastapi.security import HTTPBearer

    app = FastAPI()
    bearer = HTTPBearer()


    def current_user(token=Depends(bearer)) -> str:
        if not token:
            raise HTTPException(401)
        return token.credentials


    @app.get("/items", status_code=204)
    def get_items(user: str = Depends(current_user)) -> None:
        return None


    @app.post("/items", status_code=204)
    def post_items() -> None:
        return None


    @app.get("/items/{id}", status_code=204)
    def get_items_one(id: int, user: str = Depends(current_user)) -> None:
        raise HTTPException(404)
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{jwt: []}]
    paths:
      /items:
        get:
          operationId: getItems
          responses:
            "204": {description: Done.}
            "401": {description: Log in.}
        post:
          operationId: postItems
          responses:
            "204": {description: Done.}
            "401": {description: Log in.}
      /items/{id}:
        get:
          operationId: getItemsId
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses:
            "204": {description: Done.}
            "404": {description: No such item.}
            "401": {description: Log in.}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```
    ```python app/main.py
    from fastapi import Depends, FastAPI, HTTPException
    from fastapi.security import HTTPBearer

    app = FastAPI()
    bearer = HTTPBearer()


    def current_user(token=Depends(bearer)) -> str:
        if not token:
            raise HTTPException(401)
        return token.credentials


    @app.get("/items", status_code=204)
    def get_items(user: str = Depends(current_user)) -> None:
        return None


    @app.post("/items", status_code=204)
    def post_items(user: str = Depends(current_user)) -> None:
        return None


    @app.get("/items/{id}", status_code=204)
    def get_items_one(id: int, user: str = Depends(current_user)) -> None:
        raise HTTPException(404)
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{jwt: []}]
    paths:
      /items:
        get:
          operationId: getItems
          responses:
            "204": {description: Done.}
            "401": {description: Log in.}
        post:
          operationId: postItems
          responses:
            "204": {description: Done.}
            "401": {description: Log in.}
      /items/{id}:
        get:
          operationId: getItemsId
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses:
            "204": {description: Done.}
            "404": {description: No such item.}
            "401": {description: Log in.}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```
    ```python app/main.py
    from fastapi import Depends, FastAPI, HTTPException
    from fastapi.security import HTTPBearer

    bearer = HTTPBearer()


    def current_user(token=Depends(bearer)) -> str:
        if not token:
            raise HTTPException(401)
        return token.credentials


    app = FastAPI(dependencies=[Depends(current_user)])


    @app.get("/items", status_code=204)
    def get_items() -> None:
        return None


    @app.post("/items", status_code=204)
    def post_items() -> None:
        return None


    @app.get("/items/{id}", status_code=204)
    def get_items_one(id: int) -> None:
        raise HTTPException(404)
    ```

    Precision: A guard is a dependency, decorator or call that can answer 401 or 403, or whatever most secured
    routes share. Said only where other routes have one; a middleware that may guard everything keeps the rule
    silent.

    Source: OWASP API2:2023, Broken Authentication; CWE-306.
    """
    secured = [(operation, route) for operation, route in facts.routing.pairs if operation.secured]
    # What an operation depends on that is open to everybody guards nothing, whatever it is called.
    weak = {name for operation, route in facts.routing.pairs if not operation.secured for name in route.dependencies}
    usual = _usual([route for _, route in secured])
    for operation, route in secured:
        others = [each for _, each in secured if each is not route]
        known = any(set(each.guards) - weak for each in others) or bool(usual)
        guarded = set(route.guards) - weak or usual & set(route.dependencies) or route.perhaps_guarded
        if known and not guarded:
            message = f"{operation.symbol} is secured by the contract, and {route.function} asks nobody who is there."
            yield Flaw(operation.symbol, route.at, message, hint="Depend on the guard.", places=(operation.node.at,))


def _usual(routes: list[Route]) -> set[str]:
    """The dependencies that nearly all secured routes share, where none of them is known to be a guard."""
    if sum(bool(route.guards) for route in routes) >= SHARE * len(routes):
        return set()
    counted = Counter(name for route in routes for name in set(route.dependencies))
    return {name for name, count in counted.items() if count >= max(LEAST, SHARE * len(routes)) and count < len(routes)}
