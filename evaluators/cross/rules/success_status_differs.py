"""The rule success-status-differs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from evaluators.code.route import Route
from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_ANSWER = re.compile(r"respon|reply|answer|render|redirect|json|abort|created|send", re.IGNORECASE)


@rule("success-status-differs", family="cross", severity=Severity.WARNING)
def success_status_differs(facts: Facts) -> Iterator[Flaw]:
    """A handler succeeds with another status than its operation declares.

    Why: Clients that branch on the status take a success for something that they do not know.

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


    @app.get("/items/{id}", status_code=204)
    def get_items_one(id: int) -> None:
        raise HTTPException(404)


    @app.post("/items", status_code=202)
    def make() -> None:
        return None
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
    ```
    ```python app/main.py
    from fastapi import FastAPI, HTTPException

    app = FastAPI()


    @app.get("/items", status_code=204)
    def get_items() -> None:
        return None


    @app.get("/items/{id}", status_code=204)
    def get_items_one(id: int) -> None:
        raise HTTPException(404)


    @app.post("/items", status_code=204)
    def make() -> None:
        return None
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
            "202": {description: Taken in.}
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


    @app.get("/items/{id}", status_code=204)
    def get_items_one(id: int) -> None:
        raise HTTPException(404)


    @app.post("/items", status_code=202)
    def make() -> None:
        return None
    ```

    Precision: Only where the code says its status: by the decorator, by what it returns, or by the default of its
    framework where nothing else is returned.

    Source: OpenAPI 3.1, Responses Object; schemathesis, status_code_conformance.
    """
    for operation, route in facts.routing.pairs:
        declared = {each.status.upper() for each in operation.responses}
        if (
            not declared
            or declared & {"2XX", "DEFAULT", "3XX"}
            or not any(status.startswith("2") for status in declared)
        ):
            continue
        given = {status for status in route.given if 200 <= status < 400}
        if not given and (route.framework != "fastapi" and not _plain(facts, route)):
            continue
        given = given or {route.success}
        if not any(str(status) in declared for status in given):
            said = ", ".join(sorted(status for status in declared if status.startswith("2")))
            message = f"{route.function} succeeds with {min(given)}, {operation.symbol} declares {said}."
            yield Flaw(operation.symbol, route.at, message, places=(operation.node.at,))


def _plain(facts: Facts, route: Route) -> bool:
    """Whether everything that a handler returns is certainly a body alone, which the framework answers with 200."""
    returned = [node.value for node in ast.walk(route.node) if isinstance(node, ast.Return) and node.value is not None]
    return bool(returned) and all(_body(facts, route, value) for value in returned)


def _body(facts: Facts, route: Route, value: ast.expr) -> bool:
    """Whether a returned value is a dictionary, or comes from a function of the project that returns no status."""
    if isinstance(value, ast.Dict | ast.DictComp | ast.ListComp):
        return True
    behind = (
        facts.code.tools.callees.behind(route.module, value) if facts.code and isinstance(value, ast.Call) else None
    )
    if behind is None:
        return False
    returned = [node.value for node in ast.walk(behind[1]) if isinstance(node, ast.Return)]
    return not any(_may_answer(each) for each in returned if each is not None)


def _may_answer(value: ast.expr) -> bool:
    """Whether a value may carry a status: a tuple, an attribute, or something that is made as an answer."""
    if isinstance(value, ast.Call):
        name = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        return bool(_ANSWER.search(name))
    return isinstance(value, ast.Tuple | ast.Attribute | ast.IfExp)
