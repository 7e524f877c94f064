"""The rule undeclared-field-answered."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.bodies import answers
from evaluators.cross.facts import Facts
from evaluators.cross.names import folded
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("undeclared-field-answered", family="cross", severity=Severity.WARNING, security=True)
def undeclared_field_answered(facts: Facts) -> Iterator[Flaw]:
    """The handler answers with a field that the contract does not declare.

    Why: A column that nobody meant to publish goes out: a hash, an internal flag, somebody's address.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          operationId: getItem
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses:
            "200":
              description: One.
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
            "404": {description: No such item.}
    components:
      schemas:
        Item:
          type: object
          required: [label]
          properties:
            label: {type: string, maxLength: 80}
    ```
    ```python app/main.py
    from fastapi import FastAPI, HTTPException
    from pydantic import BaseModel

    app = FastAPI()


    class Item(BaseModel):
        label: str
        cost: int


    @app.get("/items/{id}", response_model=Item)
    def get_item(id: int) -> Item:
        raise HTTPException(404)
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          operationId: getItem
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses:
            "200":
              description: One.
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
            "404": {description: No such item.}
    components:
      schemas:
        Item:
          type: object
          required: [label]
          properties:
            label: {type: string, maxLength: 80}
    ```
    ```python app/main.py
    from fastapi import FastAPI, HTTPException
    from pydantic import BaseModel

    app = FastAPI()


    class Item(BaseModel):
        label: str


    @app.get("/items/{id}", response_model=Item)
    def get_item(id: int) -> Item:
        raise HTTPException(404)
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          operationId: getItem
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses:
            "200":
              description: One.
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
            "404": {description: No such item.}
    components:
      schemas:
        Item:
          type: object
          required: [label]
          properties:
            label: {type: string, maxLength: 80}
            cost: {type: integer, format: int64}
    ```
    ```python app/main.py
    from fastapi import FastAPI, HTTPException
    from pydantic import BaseModel

    app = FastAPI()


    class Item(BaseModel):
        label: str
        cost: int


    @app.get("/items/{id}", response_model=Item)
    def get_item(id: int) -> Item:
        raise HTTPException(404)
    ```

    Precision: Only where the class of the answer can be read: response_model, or the annotation of what the handler
    gives back.

    Source: OWASP API3:2023, Broken Object Property Level Authorization.
    """
    for operation, shape, model in answers(facts):
        known = {folded(member.name) for member in shape.properties}
        for each in model.fields if known else ():
            if not {folded(each.name), folded(each.attribute)} & known:
                message = f"{model.symbol} answers with {each.name}, and {operation.symbol} does not declare it."
                yield Flaw(f"{operation.symbol} {each.name}", each.at, message, places=(shape.node.at,))
