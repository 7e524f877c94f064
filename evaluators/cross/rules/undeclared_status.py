"""The rule undeclared-status."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_EVERYWHERE = frozenset((400, 405, 406, 411, 413, 414, 415, 417, 422, 426, 429, 431))
"""What a framework, a server or a limit in front may answer to anything."""


@rule("undeclared-status", family="cross", severity=Severity.WARNING)
def undeclared_status(facts: Facts) -> Iterator[Flaw]:
    """A handler answers with a status that its operation does not declare.

    Why: Clients have no branch for it, and a generated client throws on it.

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
        raise HTTPException(409)


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
            "409": {description: A conflict.}
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
        raise HTTPException(409)


    @app.get("/items/{id}", status_code=204)
    def get_items_one(id: int) -> None:
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
            "4XX": {description: A conflict.}
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
        raise HTTPException(409)


    @app.get("/items/{id}", status_code=204)
    def get_items_one(id: int) -> None:
        raise HTTPException(404)
    ```

    Precision: Looks at what the handler, the functions that it calls and its dependencies raise or return. Statuses
    of 500 and above, 405, 413, 415 and 429, and what a framework answers by itself, are left alone.

    Source: OpenAPI 3.1, Responses Object; schemathesis, status_code_conformance.
    """
    for operation, route in facts.routing.pairs:
        passed_over = _EVERYWHERE if operation.secured else _EVERYWHERE | {401, 403}
        given = [status for status in route.given if 400 <= status < 500 and status not in passed_over]
        missing = sorted(status for status in given if operation.response(str(status)) is None)
        if missing:
            text = ", ".join(map(str, missing))
            message = f"{route.function} can answer {text}, and {operation.symbol} does not declare it."
            at = operation.node.get("responses") or operation.node
            yield at.flaw(operation.symbol, message, f"Declare {text}.", (route.at,))
