"""The rule declared-status-never-given."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.module import Module
from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_CHECKED = frozenset(("403", "404", "409", "410", "412"))


@rule("declared-status-never-given", family="cross", severity=Severity.INFO, strict=True)
def declared_status_never_given(facts: Facts) -> Iterator[Flaw]:
    """An operation declares a status that nothing in its handler gives.

    Why: Either the check was forgotten, or the contract promises more than there is.

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
    from fastapi.responses import JSONResponse
    from sqlalchemy.exc import IntegrityError

    app = FastAPI()


    @app.exception_handler(IntegrityError)
    def conflict(request, error) -> JSONResponse:
        return JSONResponse({}, status_code=409)


    @app.get("/items", status_code=204)
    def get_items() -> None:
        return None


    @app.post("/items", status_code=204)
    def post_items() -> None:
        store.insert()


    @app.get("/items/{id}", status_code=204)
    def get_items_one(id: int) -> None:
        raise HTTPException(404)
    ```

    Precision: Only 403, 404, 409, 410 and 412, and only where nothing else in the code (an error handler, a class
    of errors) can give that status. What a library raises is not seen, so it is in the strict preset.

    Source: OpenAPI 3.1, Responses Object.
    """
    code = facts.code
    if code is None or not facts.routing.certain:
        return
    elsewhere = {status for module in code.own for status in _numbers(module) if not _in_routes(module, facts)}
    for operation, route in facts.routing.pairs:
        declared = {int(each.status) for each in operation.responses if each.status in _CHECKED}
        never = sorted(declared - set(route.given) - elsewhere)
        if never:
            text = ", ".join(map(str, never))
            message = f"{operation.symbol} declares {text}, and nothing in {route.function} gives it."
            yield operation.node.flaw(operation.symbol, message, places=(route.at,))


def _numbers(module: Module) -> set[int]:
    """The statuses that are written anywhere in a module."""
    numbers = {node.value for node in module.nodes if isinstance(node, ast.Constant) and type(node.value) is int}
    return {number for number in numbers if isinstance(number, int) and str(number) in _CHECKED}


def _in_routes(module: Module, facts: Facts) -> bool:
    """Whether the module declares routes, whose own statuses are known route by route, and no error handler."""
    written = [ast.unparse(each) for function in module.functions for each in function.decorator_list]
    handles = any("exception_handler" in each or "errorhandler" in each for each in written)
    return not handles and any(route.module is module for _, route in facts.routing.pairs)
