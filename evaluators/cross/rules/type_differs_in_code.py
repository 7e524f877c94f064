"""The rule type-differs-in-code."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.bodies import bodies
from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_TYPES = {
    "str": frozenset(("string",)),
    "int": frozenset(("integer", "number")),
    "float": frozenset(("number", "integer")),
    "Decimal": frozenset(("number", "integer", "string")),
    "bool": frozenset(("boolean",)),
    "UUID": frozenset(("string",)),
    "datetime": frozenset(("string",)),
    "date": frozenset(("string",)),
    "EmailStr": frozenset(("string",)),
}


@rule("type-differs-in-code", family="cross", severity=Severity.WARNING)
def type_differs_in_code(facts: Facts) -> Iterator[Flaw]:
    """The contract and the handler give a property different types.

    Why: A value that the contract allows is refused, or is quietly converted.

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
        size: bool = True


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
            size: {type: integer, minimum: 1, maximum: 9}
    ```
    ```python app/main.py
    from decimal import Decimal
    from typing import Literal

    from fastapi import FastAPI
    from pydantic import BaseModel, ConfigDict, Field

    app = FastAPI()


    class NewItem(BaseModel):
        model_config = ConfigDict(extra="forbid")

        label: str = Field(min_length=1, max_length=80)
        size: Decimal = Decimal(1)


    @app.post("/items", status_code=204)
    def create_item(body: NewItem) -> None:
        return None
    ```

    Precision: Only plain types; whole numbers and decimals, and strings with a format, are taken to fit.

    Source: OpenAPI 3.1, Schema Object; pydantic documentation, Fields.
    """
    for operation, shape, model in bodies(facts):
        for member in shape.properties:
            each, types = model.field(member.name), member.facets.types
            wanted = _TYPES.get(each.type) if each is not None and not each.many else None
            if each is not None and wanted and types and not types & wanted:
                said = " or ".join(sorted(types))
                message = f"{operation.symbol} declares {member.name} as {said}, {model.symbol} as {each.type}."
                yield Flaw(f"{operation.symbol} {member.name}", each.at, message, places=(member.node.at,))
