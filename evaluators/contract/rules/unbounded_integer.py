"""The rule unbounded-integer."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import facets
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("unbounded-integer", family="contract", severity=Severity.INFO, strict=True, security=True)
def unbounded_integer(contract: Contract) -> Iterator[Flaw]:
    """An integer that is sent has no bounds.

    Why: Beyond its column's range it becomes a 500.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody: {required: true, content: {application/json: {schema: {type: integer}}}}
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
            content: {application/json: {schema: {type: integer, format: int32, minimum: 1, maximum: 100}}}
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
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {n: {type: integer, exclusiveMinimum: 0, maximum: 9}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    ```

    Precision: Requests only. A format says the width and not the range that makes sense, and so does not count.

    Source: OWASP API4:2023. Spectral owasp:api4:2023-integer-limit.
    """
    for schema in contract.request_values:
        said = facets(schema)
        bounded = said.enum is not None or (said.minimum is not None and said.maximum is not None)
        if said.types == {"integer"} and not bounded and not said.read_only:
            yield schema.flaw(schema.pointer, f"The integer {schema.name} has no minimum and maximum.")
