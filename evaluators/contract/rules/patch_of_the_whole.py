"""The rule patch-of-the-whole."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.resources import sent_to
from evaluators.contract.shapes import shape_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("patch-of-the-whole", family="contract", severity=Severity.WARNING)
def patch_of_the_whole(contract: Contract) -> Iterator[Flaw]:
    """A PATCH requires every property.

    Why: PATCH changes parts: a client that wants to change one property must send all, and writes over what
    others changed meanwhile.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        patch:
          operationId: updateItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  required: [name, color]
                  properties: {name: {type: string, maxLength: 80}, color: {type: string, maxLength: 20}}
          responses: {"204": {description: Done.}, "404": {description: None.}, "422": {description: No item.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        patch:
          operationId: updateItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {name: {type: string, maxLength: 80}, color: {type: string, maxLength: 20}}
          responses: {"204": {description: Done.}, "404": {description: None.}, "422": {description: No item.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        patch:
          operationId: updateItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  required: [version]
                  properties:
                    version: {type: integer, minimum: 1, maximum: 9999}
                    color: {type: string, maxLength: 20}
          responses: {"204": {description: Done.}, "404": {description: None.}, "422": {description: No item.}}
    ```

    Precision: At least two properties must be there and all of them required; a version that is required beside
    optional parts is fine. JSON Patch and merge patch bodies count by their own schema.

    Source: RFC 5789; RFC 7396.
    """
    for operation in contract.operations:
        sent = sent_to(operation) if operation.method == "PATCH" else None
        shape = shape_of(sent) if sent is not None else None
        own = [found for found in shape.properties if not found.facets.read_only] if shape else []
        if len(own) > 1 and all(found.required for found in own):
            yield operation.node.flaw(
                operation.symbol,
                f"{operation.symbol} requires every property of its body.",
                "Require nothing, or make it a PUT.",
            )
