"""The rule unbounded-array."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import facets
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("unbounded-array", family="contract", severity=Severity.WARNING, security=True)
def unbounded_array(contract: Contract) -> Iterator[Flaw]:
    """A list that is sent has no bound.

    Why: A million entries are valid, and each costs work.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItems
          requestBody:
            required: true
            content: {application/json: {schema: {type: array, items: {type: string, maxLength: 9}}}}
          responses: {"204": {description: Made.}, "422": {description: No items.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItems
          requestBody:
            required: true
            content: {application/json: {schema: {type: array, maxItems: 50, items: {type: string, maxLength: 9}}}}
          responses: {"204": {description: Made.}, "422": {description: No items.}}
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
                  properties: {tags: {type: array, maxItems: 9, items: {type: string, maxLength: 9}}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    ```

    Precision: Requests only; a limit on the size of a body that no contract names is not seen.

    Source: OWASP API4:2023. Spectral owasp:api4:2023-array-limit.
    """
    for schema in contract.request_values:
        said = facets(schema)
        if said.types == {"array"} and said.max_items is None and not said.read_only:
            name = next((token for token in reversed(schema.tokens) if token not in ("schema", "items")), "body")
            yield schema.flaw(schema.pointer, f"The list {name} has no maxItems.")
