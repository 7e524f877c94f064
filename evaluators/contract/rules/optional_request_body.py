"""The rule optional-request-body."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import shape_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("optional-request-body", family="contract", severity=Severity.ERROR)
def optional_request_body(contract: Contract) -> Iterator[Flaw]:
    """A request body may be left out although its content has required properties.

    Why: `required` of a request body is false unless it is said, so an empty request is valid by
    the contract and refused by the service.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody:
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  required: [name]
                  properties: {name: {type: string, maxLength: 50}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
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
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  required: [name]
                  properties: {name: {type: string, maxLength: 50}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: oneItem
          requestBody:
            required: false
            content:
              application/json:
                schema: {type: object, additionalProperties: false, properties: {q: {type: string, maxLength: 80}}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    ```

    Precision: Told only where the body requires something and nothing says that it may be left out.

    Source: OpenAPI 3.1, "Request Body Object": required defaults to false. Zally request-body-required.
    """
    told: set[str] = set()
    for operation in contract.operations:
        body = operation.body
        if (
            body is None
            or body.required
            or body.node.has("required")
            or operation.method not in ("POST", "PUT", "PATCH")
        ):
            continue
        needs = any(media.schema is not None and shape_of(media.schema).required for media in body.media)
        if needs and body.node.pointer not in told:
            told.add(body.node.pointer)
            yield body.node.flaw(
                operation.symbol, f"{operation.symbol} may be sent without its body.", "Say `required: true`."
            )
