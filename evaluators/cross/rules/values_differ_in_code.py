"""The rule values-differ-in-code."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.bodies import bodies
from evaluators.cross.bounds import bounds_of
from evaluators.cross.facts import Facts
from evaluators.cross.mapped import mapped
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("values-differ-in-code", family="cross", severity=Severity.WARNING)
def values_differ_in_code(facts: Facts) -> Iterator[Flaw]:
    """The code, the contract or the schema list different values for the same thing.

    Why: A value that one of them knows is refused or unknown to the next.

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
            state: {type: string, enum: [draft, sold]}
    ```
    ```python app/main.py
    from typing import Literal

    from fastapi import FastAPI
    from pydantic import BaseModel, ConfigDict, Field

    app = FastAPI()


    class NewItem(BaseModel):
        model_config = ConfigDict(extra="forbid")

        label: str = Field(min_length=1, max_length=80)
        state: Literal["draft", "sold", "gone"] = "draft"


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
            state: {type: string, enum: [draft, sold]}
    ```
    ```python app/main.py
    from typing import Literal

    from fastapi import FastAPI
    from pydantic import BaseModel, ConfigDict, Field

    app = FastAPI()


    class NewItem(BaseModel):
        model_config = ConfigDict(extra="forbid")

        label: str = Field(min_length=1, max_length=80)
        state: Literal["draft", "sold"] = "draft"


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
            state: {type: string, enum: [draft, sold]}
    ```
    ```python app/main.py
    from typing import Literal

    from fastapi import FastAPI
    from pydantic import BaseModel, ConfigDict, Field

    app = FastAPI()


    class NewItem(BaseModel):
        model_config = ConfigDict(extra="forbid")

        label: str = Field(min_length=1, max_length=80)
        state: Literal["sold", "draft"] = "draft"


    @app.post("/items", status_code=204)
    def create_item(body: NewItem) -> None:
        return None
    ```

    Precision: Only lists that are written out: an enum of the contract, a CHECK or enumeration of the schema, a
    Literal or Enum of the code.

    Source: OpenAPI 3.1, Schema Object; pydantic documentation, Fields.
    """
    for operation, shape, model in bodies(facts):
        for member in shape.properties:
            each, said = model.field(member.name), member.facets.enum
            if (
                each is not None
                and each.values
                and said is not None
                and {str(value) for value in said} != set(each.values)
            ):
                odd = ", ".join(sorted({str(value) for value in said} ^ set(each.values)))
                message = f"{operation.symbol} and {model.symbol} disagree on the values of {member.name}: {odd}."
                yield Flaw(f"{operation.symbol} {member.name}", each.at, message, places=(member.node.at,))
    for found in mapped(facts.code.tables, facts.schema) if facts.code else ():
        for attribute, column in found.columns():
            held = bounds_of(found.table, column, facts.schema.dialect).values
            if attribute.choices and held and held != frozenset(attribute.choices):
                odd = ", ".join(sorted(held ^ frozenset(attribute.choices)))
                message = f"{found.model.symbol} and {found.table.key} disagree on the values of {column.name}: {odd}."
                yield Flaw(f"{found.table.key}.{column.name}", attribute.at, message, places=(column.at,))
