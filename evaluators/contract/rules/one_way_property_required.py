"""The rule one-way-property-required."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import shape_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("one-way-property-required", family="contract", severity=Severity.WARNING)
def one_way_property_required(contract: Contract) -> Iterator[Flaw]:
    """A property that goes only one way is required in the other.

    Why: A client must send what only the service may set, or waits for what the service never answers.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    components:
      schemas:
        NewItem:
          type: object
          additionalProperties: false
          required: [id]
          properties: {id: {type: string, format: uuid, readOnly: true}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    components:
      schemas:
        NewItem:
          type: object
          additionalProperties: false
          properties: {id: {type: string, format: uuid, readOnly: true}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
          responses:
            "200":
              description: Made.
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
            "422": {description: No item.}
    components:
      schemas:
        Item:
          type: object
          additionalProperties: false
          required: [id, name]
          properties: {id: {type: string, format: uuid, readOnly: true}, name: {type: string, maxLength: 80}}
    ```

    Precision: A schema that goes both ways is fine: required then holds for the way that the property goes. Only
    schemas that go one way are judged.

    Source: OpenAPI 3.0, "Schema Object": readOnly and writeOnly.
    """
    if not any(contract.survey.schemas_with("readOnly", "writeOnly")):
        return
    sent = {id(node.value): node for node in contract.request_values}
    answered = {id(node.value): node for node in contract.response_values}
    for ways, other, word in ((sent, answered, "readOnly"), (answered, sent, "writeOnly")):
        for key, schema in ways.items():
            shape = shape_of(schema) if key not in other else None
            for found in shape.properties if shape else ():
                wrong = found.facets.read_only if word == "readOnly" else found.facets.write_only
                if wrong and found.required:
                    where = "a request" if word == "readOnly" else "an answer"
                    yield found.node.flaw(found.node.pointer, f"{found.name} is {word} and required in {where}.")
