"""The rule put-of-parts."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.contract.resources import sent_to
from evaluators.contract.shapes import flattened, shape_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _chosen(schema: Node) -> bool:
    """Whether alternatives say what is required."""
    return any(part.has(key) for part in flattened(schema)[0] for key in ("oneOf", "anyOf", "minProperties"))


@rule("put-of-parts", family="contract", severity=Severity.WARNING)
def put_of_parts(contract: Contract) -> Iterator[Flaw]:
    """A PUT takes a body in which everything may be left out.

    Why: PUT replaces: what is not sent is gone, or the service keeps it and PUT is a PATCH under a wrong name.
    Nobody can tell.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        put:
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

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        put:
          operationId: updateItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  required: [name]
                  properties: {name: {type: string, maxLength: 80}, color: {type: string, maxLength: 20}}
          responses: {"204": {description: Done.}, "404": {description: None.}, "422": {description: No item.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        put:
          operationId: updateItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties:
                    name: {type: string, maxLength: 80, default: x}
                    color: {type: string, maxLength: 20, default: red}
          responses: {"204": {description: Done.}, "404": {description: None.}, "422": {description: No item.}}
    ```

    Precision: Bodies with a single property, and properties with defaults, are left alone: leaving them out has a
    meaning.

    Source: RFC 9110, section 9.3.4 (PUT); RFC 5789 (PATCH).
    """
    for operation in contract.operations:
        sent = sent_to(operation) if operation.method == "PUT" else None
        shape = shape_of(sent) if sent is not None else None
        open_ones = (
            [f for f in shape.properties if not f.facets.has_default and not f.facets.read_only] if shape else []
        )
        if sent is not None and shape and len(open_ones) > 1 and not shape.required and not _chosen(sent):
            yield operation.node.flaw(
                operation.symbol,
                f"{operation.symbol} replaces the whole and requires nothing of it.",
                "Require what a whole has, or make it a PATCH.",
            )
