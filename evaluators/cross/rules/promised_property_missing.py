"""The rule promised-property-missing."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.bodies import answers
from evaluators.cross.facts import Facts
from evaluators.cross.names import folded
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("promised-property-missing", family="cross", severity=Severity.WARNING)
def promised_property_missing(facts: Facts) -> Iterator[Flaw]:
    """The contract promises a property that the class of the answer does not have.

    Why: Clients read what is never there.

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
          required: [label, cost]
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
          required: [label, cost]
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


    @app.get("/items/{id}", response_model=Item)
    def get_item(id: int) -> Item:
        raise HTTPException(404)
    ```

    Precision: Only required properties, and only where the class of the answer can be read.

    Source: OpenAPI 3.1, Schema Object; pydantic documentation, Fields.
    """
    for operation, shape, model in answers(facts):
        known = {folded(each.name) for each in model.fields} | {folded(each.attribute) for each in model.fields}
        for member in shape.properties if model.fields and model.extra != "allow" else ():
            if member.required and folded(member.name) not in known and not member.facets.write_only:
                message = f"{operation.symbol} promises {member.name}, and {model.symbol} does not have it."
                yield member.node.flaw(f"{operation.symbol} {member.name}", message, places=(model.at,))
