"""The rule operation-without-route."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("operation-without-route", family="cross", severity=Severity.ERROR)
def operation_without_route(facts: Facts) -> Iterator[Flaw]:
    """The contract declares an operation that no route of the code serves.

    Why: Clients are told of something that answers 404.

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
      /items/{itemId}:
        get:
          operationId: getItemsId
          parameters:
            - {name: itemId, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses:
            "204": {description: Done.}
            "404": {description: No such item.}
        delete:
          operationId: deleteItemsId
          parameters:
            - {name: itemId, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
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

    Precision: Names of parameters and a slash at the end do not matter. Said only when most operations have a route
    that can be read; routes that are made at run time are not seen.

    Source: OpenAPI 3.1, Paths Object; found live by the stage boot too.
    """
    for operation in facts.routing.unserved:
        yield operation.node.flaw(
            operation.symbol, f"No route of the code serves {operation.symbol}.", "Serve it, or take it out."
        )
