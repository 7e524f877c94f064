"""The rule route-without-operation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_OWN = re.compile(
    r"health|ready|live|metrics|docs|redoc|openapi|swagger|schema|static|favicon|robots|version|ping|/admin/?$|^/?$"
)


@rule("route-without-operation", family="cross", severity=Severity.WARNING)
def route_without_operation(facts: Facts) -> Iterator[Flaw]:
    """The code serves a route that the contract does not declare.

    Why: What nobody declared is neither reviewed, tested nor fuzzed, and it is there all the same.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: getItems
          responses:
            "204": {description: Done.}
        post:
          operationId: postItems
          responses:
            "204": {description: Done.}
      /items/{id}:
        get:
          operationId: getItemsId
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses:
            "204": {description: Done.}
            "404": {description: No such item.}
    ```
    ```python app/main.py
    from fastapi import FastAPI, HTTPException

    app = FastAPI()


    @app.get("/items", status_code=204)
    def get_items() -> None:
        return None


    @app.post("/items", status_code=204)
    def post_items() -> None:
        return None


    @app.get("/items/{id}", status_code=204)
    def get_items_one(id: int) -> None:
        raise HTTPException(404)


    @app.delete("/items/{id}", status_code=204)
    def delete_items_one(id: int) -> None:
        raise HTTPException(404)
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: getItems
          responses:
            "204": {description: Done.}
        post:
          operationId: postItems
          responses:
            "204": {description: Done.}
      /items/{id}:
        get:
          operationId: getItemsId
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses:
            "204": {description: Done.}
            "404": {description: No such item.}
        delete:
          operationId: deleteItemsId
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses:
            "204": {description: Done.}
            "404": {description: No such item.}
    ```
    ```python app/main.py
    from fastapi import FastAPI, HTTPException

    app = FastAPI()


    @app.get("/items", status_code=204)
    def get_items() -> None:
        return None


    @app.post("/items", status_code=204)
    def post_items() -> None:
        return None


    @app.get("/items/{id}", status_code=204)
    def get_items_one(id: int) -> None:
        raise HTTPException(404)


    @app.delete("/items/{id}", status_code=204)
    def delete_items_one(id: int) -> None:
        raise HTTPException(404)
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: getItems
          responses:
            "204": {description: Done.}
        post:
          operationId: postItems
          responses:
            "204": {description: Done.}
      /items/{id}:
        get:
          operationId: getItemsId
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses:
            "204": {description: Done.}
            "404": {description: No such item.}
    ```
    ```python app/main.py
    from fastapi import FastAPI, HTTPException

    app = FastAPI()


    @app.get("/items", status_code=204)
    def get_items() -> None:
        return None


    @app.post("/items", status_code=204)
    def post_items() -> None:
        return None


    @app.get("/items/{id}", status_code=204)
    def get_items_one(id: int) -> None:
        raise HTTPException(404)


    @app.get("/healthz", status_code=204)
    def get_healthz() -> None:
        return None
    ```

    Precision: Health, metrics, documentation and static files, HEAD and OPTIONS are left alone, and routes with
    include_in_schema=False.

    Source: OWASP API9:2023, Improper Inventory Management.
    """
    for route in facts.routing.undeclared:
        hidden = any("include_in_schema=False" in ast.unparse(each) for each in route.node.decorator_list)
        if route.method in ("HEAD", "OPTIONS") or hidden or _OWN.search(route.path):
            continue
        yield Flaw(
            route.symbol, route.at, f"The contract does not declare {route.symbol}.", hint="Declare it, or remove it."
        )
