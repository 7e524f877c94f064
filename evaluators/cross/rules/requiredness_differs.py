"""The rule requiredness-differs."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.bodies import bodies
from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("requiredness-differs", family="cross", severity=Severity.WARNING)
def requiredness_differs(facts: Facts) -> Iterator[Flaw]:
    """The contract and the handler disagree on whether a property must be sent.

    Why: A client that follows the contract is refused, or one that leaves the property out is let through.

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
          required: [label, size]
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
            size: {type: integer, minimum: 1, maximum: 9, default: 1}
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

    Precision: Bodies of PATCH are left alone, since their classes often make everything optional.

    Source: OpenAPI 3.1, Schema Object; pydantic documentation, Fields.
    """
    for operation, shape, model in bodies(facts):
        for member in shape.properties if operation.method != "PATCH" else ():
            each = model.field(member.name)
            if each is None or each.required == member.required or member.facets.read_only:
                continue
            said = "requires" if member.required else "does not require"
            holds = "requires" if each.required else "does not require"
            message = f"{operation.symbol} {said} {member.name}, {model.symbol} {holds} it."
            yield Flaw(f"{operation.symbol} {member.name}", each.at, message, places=(member.node.at,))
