"""The rule undeclared-field-accepted."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.shapes import flattened
from evaluators.cross.bodies import bodies
from evaluators.cross.facts import Facts
from evaluators.cross.names import folded
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("undeclared-field-accepted", family="cross", severity=Severity.WARNING, security=True)
def undeclared_field_accepted(facts: Facts) -> Iterator[Flaw]:
    """The handler reads a field that the contract does not declare.

    Why: A caller who guesses the field sets what nobody reviewed: a role, an owner, a price.

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
    ```
    ```python app/main.py
    from typing import Literal

    from fastapi import FastAPI
    from pydantic import BaseModel, ConfigDict, Field

    app = FastAPI()


    class NewItem(BaseModel):
        model_config = ConfigDict(extra="forbid")

        label: str = Field(min_length=1, max_length=80)
        role: str = "user"


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
          additionalProperties: {type: string}
          required: [label]
          properties:
            label: {type: string, minLength: 1, maxLength: 80}
    ```
    ```python app/main.py
    from typing import Literal

    from fastapi import FastAPI
    from pydantic import BaseModel, ConfigDict, Field

    app = FastAPI()


    class NewItem(BaseModel):
        model_config = ConfigDict(extra="forbid")

        label: str = Field(min_length=1, max_length=80)
        role: str = "user"


    @app.post("/items", status_code=204)
    def create_item(body: NewItem) -> None:
        return None
    ```

    Precision: Only where the class of the body can be read. A schema that allows further properties is left alone.

    Source: OWASP API3:2023, Broken Object Property Level Authorization; CWE-915.
    """
    for operation, shape, model in bodies(facts):
        known = {folded(member.name) for member in shape.properties}
        parts = flattened(shape.node)[0]
        open_ended = any(
            part.has("additionalProperties") and part.raw("additionalProperties") is not False for part in parts
        )
        for each in model.fields if known and not open_ended else ():
            if not {folded(each.name), folded(each.attribute)} & known:
                message = f"{model.symbol} reads {each.name}, and {operation.symbol} does not declare it."
                yield Flaw(f"{operation.symbol} {each.name}", each.at, message, places=(shape.node.at,))
