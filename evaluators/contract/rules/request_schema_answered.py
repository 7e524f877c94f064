"""The rule request-schema-answered."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.resources import answered_by, component_of, identifier_of, sent_to, unwrapped
from evaluators.contract.shapes import shape_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("request-schema-answered", family="contract", severity=Severity.WARNING)
def request_schema_answered(contract: Contract) -> Iterator[Flaw]:
    """What was made is answered in the schema of the request.

    Why: The answer then has no id and no value that the service gave: the client cannot go on with what it made.

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
            content: {application/json: {schema: {$ref: "#/components/schemas/NewOrder"}}}
          responses:
            "200":
              description: Made.
              content: {application/json: {schema: {$ref: "#/components/schemas/NewOrder"}}}
            "422": {description: No order.}
      /orders/{id}:
        get:
          operationId: getOrder
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses:
            "200":
              description: The order.
              content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
            "404": {description: None.}
    components:
      schemas:
        NewOrder:
          type: object
          additionalProperties: false
          properties: {total: {type: integer, minimum: 0, maximum: 9}}
        Order: {type: object, properties: {id: {type: integer}, total: {type: integer}}}
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
            content: {application/json: {schema: {$ref: "#/components/schemas/NewOrder"}}}
          responses:
            "200":
              description: Made.
              content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
            "422": {description: No order.}
      /orders/{id}:
        get:
          operationId: getOrder
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses:
            "200":
              description: The order.
              content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
            "404": {description: None.}
    components:
      schemas:
        NewOrder:
          type: object
          additionalProperties: false
          properties: {total: {type: integer, minimum: 0, maximum: 9}}
        Order: {type: object, properties: {id: {type: integer}, total: {type: integer}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /settings/{id}:
        put:
          operationId: putSettings
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: "#/components/schemas/Settings"}}}
          responses:
            "200":
              description: Kept.
              content: {application/json: {schema: {$ref: "#/components/schemas/Settings"}}}
            "404": {description: None.}
            "422": {description: No.}
    components:
      schemas:
        Settings:
          type: object
          required: [color]
          additionalProperties: false
          properties: {color: {type: string, maxLength: 20}}
    ```

    Precision: Told where reading the resource gives another schema which has an id that the answer lacks. One
    schema for both ways is fine.

    Source: Consistency of a resource; RFC 9110, section 9.3.3.
    """
    for resource in contract.resources:
        read = unwrapped(answered_by(resource.read))
        for operation in (resource.create, resource.replace, resource.patch):
            sent, answered = component_of(sent_to(operation)), unwrapped(answered_by(operation))
            if operation is None or sent is None or read is None or answered is None or answered.followed() != sent:
                continue
            key = identifier_of(shape_of(read), resource.key)
            if key and read.followed() != sent and shape_of(sent).property(key) is None:
                yield answered.flaw(
                    operation.symbol,
                    f"{operation.symbol} answers {sent.name}, the schema of its request, which has no {key}.",
                    f"Answer {read.followed().name}." if read.reference else "",
                )
