"""The rule untested-operation."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.cross.routing import calling
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("untested-operation", family="cross", severity=Severity.INFO, strict=True)
def untested_operation(facts: Facts) -> Iterator[Flaw]:
    """No test calls an operation of the contract.

    Why: What is not tested breaks unnoticed.

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
    ```
    ```python tests/test_items.py
    from app.main import app
    from fastapi.testclient import TestClient

    client = TestClient(app)


    def test_items() -> None:
        assert client.get("/items").status_code == 204
        assert client.post("/items").status_code == 204
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


    @app.post("/items", status_code=204)
    def post_items() -> None:
        return None


    @app.get("/items/{id}", status_code=204)
    def get_items_one(id: int) -> None:
        raise HTTPException(404)
    ```
    ```python tests/test_items.py
    from app.main import app
    from fastapi.testclient import TestClient

    client = TestClient(app)


    def test_items() -> None:
        assert client.get("/items").status_code == 204
        assert client.post("/items").status_code == 204
        assert client.get("/items/1").status_code == 404
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
    ```
    ```python tests/test_items.py
    from app.main import app
    from fastapi.testclient import TestClient

    client = TestClient(app)


    def test_items() -> None:
        assert client.get("/items").status_code == 204
        assert client.post("/items").status_code == 204
        for id in (1, 2):
            assert client.get(f"/items/{id}").status_code == 404
    ```

    Precision: Said only where tests call other operations by their paths. A test that goes through helpers with the
    path in a variable is not seen.

    Source: OWASP Web Security Testing Guide: every endpoint is mapped and tested.
    """
    code = facts.code
    calls = [(call.method, call.path.partition("?")[0].replace("{}", "1")) for call in code.test_calls] if code else []
    if not calls:
        return
    for operation in facts.contract.operations:
        wanted = calling(operation.path)
        if not any(method == operation.method and wanted.fullmatch(path) for method, path in calls):
            yield operation.node.flaw(operation.symbol, f"No test calls {operation.symbol}.")
