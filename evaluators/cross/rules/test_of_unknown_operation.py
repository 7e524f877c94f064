"""The rule test-of-unknown-operation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.cross.routing import calling
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_MEANT = re.compile(
    r"unknown|missing|not_?found|404|nowhere|no_such|nonexist|undeclared|does_not|wrong|bad_path|invalid", re.I
)
_OWN = re.compile(
    r"health|ready|live|metrics|docs|redoc|openapi|static|favicon|^/$|nope|nothing|nowhere|unknown|missing|absent|bogus"
)


@rule("test-of-unknown-operation", family="cross", severity=Severity.WARNING)
def test_of_unknown_operation(facts: Facts) -> Iterator[Flaw]:
    """A test calls a path that the contract does not have.

    Why: The operation was renamed and the test was not, so it proves nothing, or it passes on a 404.

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
        assert client.get("/item/1").status_code == 204
        assert client.get("/items/1").status_code == 404
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
        assert client.get("/items/1").status_code == 404


    def test_an_unknown_path() -> None:
        assert client.get("/goods").status_code == 404
    ```

    Precision: A test whose name speaks of something unknown or missing may call what is not there. Paths that are
    put together from variables are compared with any operation that they may mean.

    Source: Found in generated test suites: tests of another project.
    """
    code = facts.code
    if code is None or not facts.contract.operations:
        return
    known = [calling(operation.path) for operation in facts.contract.operations]
    known += [calling(route.path) for route in code.routes]
    told: set[str] = set()
    hits = [call for call in code.test_calls if any(each.fullmatch(_plain(call.path, facts)) for each in known)]
    if not hits:
        return
    for call in code.test_calls:
        path = _plain(call.path, facts)
        meant = _MEANT.search(call.function) or _OWN.search(path)
        if call not in hits and not meant and path not in told:
            told.add(path)
            message = f"{call.function} calls {call.method} {path}, which is no operation of the contract."
            yield Flaw(f"{call.method} {path}", call.at, message)


def _plain(path: str, facts: Facts) -> str:
    """The path that a test calls, without query and with something for what is put in."""
    return re.sub(r"(?<=[^/]){}.*", "", path.partition("?")[0]).replace("{}", "1")
