"""The rule guarded-route-declared-open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("guarded-route-declared-open", family="cross", severity=Severity.WARNING)
def guarded_route_declared_open(facts: Facts) -> Iterator[Flaw]:
    """The contract lets everybody call an operation, and its route asks who is there.

    Why: Clients that follow the contract send no token and get a 401 that nobody declared.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{jwt: []}]
    paths:
      /items:
        get:
          operationId: getItems
          security: []
          responses:
            "204": {description: Done.}
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

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{jwt: []}]
    paths:
      /items:
        get:
          operationId: getItems
          security: []
          responses:
            "204": {description: Done.}
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
    def get_items() -> None:
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
          security: [{}, {jwt: []}]
          responses:
            "204": {description: Done.}
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

    Precision: A contract that says nothing about security at all is left to the contract's own rules. A guard that
    lets strangers through is taken for a guard, unless its name says that it is optional.

    Source: OWASP API8:2023; OpenAPI 3.1, Security Requirement Object.
    """
    if not facts.contract.schemes:
        return
    for operation, route in facts.routing.pairs:
        optional = any(
            re.search(r"optional|maybe|anonymous|allow_?any", name, re.IGNORECASE) for name in route.dependencies
        )
        declared = operation.security or operation.response("401") is not None or operation.response("403") is not None
        if not declared and route.guards and not optional and 401 in route.given:
            message = f"{operation.symbol} is open to everybody by the contract, and {route.function} answers 401."
            yield Flaw(
                operation.symbol, operation.node.at, message, hint="Secure one like the other.", places=(route.at,)
            )
