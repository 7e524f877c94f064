"""The rule property-unknown-to-code."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.bodies import bodies
from evaluators.cross.facts import Facts
from evaluators.cross.names import folded
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("property-unknown-to-code", family="cross", severity=Severity.WARNING)
def property_unknown_to_code(facts: Facts) -> Iterator[Flaw]:
    """The contract offers a property that the handler does not read.

    Why: What a client sends is thrown away, or refused as unknown.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses:
            "204": {description: Made.}
            "422": {description: No item.}
    components:
      schemas:
        NewItem:
          type: object
          additionalProperties: false
          required: [label]
          properties:
            label: {type: string, minLength: 1, maxLength: 80}
            size: {type: integer, minimum: 1, maximum: 9}
    ```
    ```python app/main.py
    from typing import Literal

    from fastapi import FastAPI
    from pydantic import BaseModel, ConfigDict, Field

    app = FastAPI()


    class NewItem(BaseModel):
        model_config = ConfigDict(extra="forbid")

        label: str = Field(min_length=1, max_length=80)


    @app.post("/items", status_code=204)
    def create_item(body: NewItem) -> None:
        return None
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses:
            "204": {description: Made.}
            "422": {description: No item.}
    components:
      schemas:
        NewItem:
          type: object
          additionalProperties: false
          required: [label]
          properties:
            label: {type: string, minLength: 1, maxLength: 80}
            size: {type: integer, minimum: 1, maximum: 9}
    ```
    ```python app/main.py
    from typing import Literal

    from fastapi import FastAPI
    from pydantic import BaseModel, ConfigDict, Field

    app = FastAPI()


    class NewItem(BaseModel):
        model_config = ConfigDict(extra="forbid")

        label: str = Field(min_length=1, max_length=80)
        size: int = Field(default=1, ge=1, le=9)


    @app.post("/items", status_code=204)
    def create_item(body: NewItem) -> None:
        return None
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses:
            "204": {description: Made.}
            "422": {description: No item.}
    components:
      schemas:
        NewItem:
          type: object
          additionalProperties: false
          required: [label]
          properties:
            label: {type: string, minLength: 1, maxLength: 80}
            itemSize: {type: integer, minimum: 1, maximum: 9}
    ```
    ```python app/main.py
    from typing import Literal

    from fastapi import FastAPI
    from pydantic import BaseModel, ConfigDict, Field

    app = FastAPI()


    class NewItem(BaseModel):
        model_config = ConfigDict(extra="forbid")

        label: str = Field(min_length=1, max_length=80)
        item_size: int = Field(alias="itemSize", default=1, ge=1, le=9)


    @app.post("/items", status_code=204)
    def create_item(body: NewItem) -> None:
        return None
    ```

    Precision: Only where the class of the body can be read. Names are compared as they are sent, without case and
    separators; a class that lets anything in is left alone.

    Source: OpenAPI 3.1, Schema Object; pydantic documentation, Fields.
    """
    for operation, shape, model in bodies(facts):
        known = {folded(each.name) for each in model.fields} | {folded(each.attribute) for each in model.fields}
        for member in shape.properties if model.extra != "allow" else ():
            if folded(member.name) not in known and not member.facets.read_only:
                message = f"{operation.symbol} takes {member.name}, and {model.symbol} does not read it."
                yield member.node.flaw(f"{operation.symbol} {member.name}", message, places=(model.at,))
