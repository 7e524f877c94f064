"""The rule value-never-answered."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.resources import answered_by, sent_to, unwrapped
from evaluators.contract.shapes import shape_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("value-never-answered", family="contract", severity=Severity.WARNING)
def value_never_answered(contract: Contract) -> Iterator[Flaw]:
    """A value that may be sent is none that can be answered.

    Why: The list of values was changed in one schema of the resource and not in the other: what is stored then
    breaks the answer.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /orders:
        post:
          operationId: createOrder
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {size: {type: string, enum: [small, large, huge]}}
          responses: {"204": {description: Made.}, "422": {description: No order.}}
      /orders/{id}:
        get:
          operationId: getOrder
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses:
            "200":
              description: The order.
              content:
                application/json:
                  schema: {type: object, properties: {size: {type: string, enum: [small, large]}}}
            "404": {description: None.}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /orders:
        post:
          operationId: createOrder
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {size: {type: string, enum: [small, large]}}
          responses: {"204": {description: Made.}, "422": {description: No order.}}
      /orders/{id}:
        get:
          operationId: getOrder
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses:
            "200":
              description: The order.
              content:
                application/json:
                  schema: {type: object, properties: {size: {type: string, enum: [small, large]}}}
            "404": {description: None.}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /orders:
        post:
          operationId: createOrder
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {state: {type: string, enum: [draft, open]}}
          responses: {"204": {description: Made.}, "422": {description: No order.}}
      /orders/{id}:
        get:
          operationId: getOrder
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses:
            "200":
              description: The order.
              content:
                application/json:
                  schema: {type: object, properties: {state: {type: string, enum: [draft, open, paid, closed]}}}
            "404": {description: None.}
    ```

    Precision: Only lists of values of one property of one resource are compared; an answer may have more values
    than a request. Write-only properties and those named action or command are left alone.

    Source: Consistency; JSON Schema, "enum".
    """
    for resource in contract.resources:
        answer = unwrapped(answered_by(resource.read))
        answered = shape_of(answer) if answer is not None else None
        for operation in (resource.create, resource.replace, resource.patch):
            sent = sent_to(operation)
            if answered is None or sent is None or operation is None:
                continue
            for found in shape_of(sent).properties:
                other = answered.property(found.name)
                if other is None or found.facets.enum is None or other.facets.enum is None or found.facets.write_only:
                    continue
                lost = [value for value in found.facets.enum if value not in other.facets.enum]
                if lost and len(lost) < len(found.facets.enum) and other.node != found.node:
                    yield found.node.flaw(
                        f"{resource.path} {found.name}",
                        f"{operation.symbol} takes {lost[0]} for {found.name}, which is never answered.",
                        "Give both the same values.",
                        (other.node.at,),
                    )
