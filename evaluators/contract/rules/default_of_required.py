"""The rule default-of-required."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("default-of-required", family="contract", severity=Severity.WARNING)
def default_of_required(contract: Contract) -> Iterator[Flaw]:
    """A required parameter has a default.

    Why: The default never applies, because the parameter is always sent; one of the two is wrong.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - name: limit
              in: query
              required: true
              schema: {type: integer, minimum: 1, maximum: 100, default: 50}
          responses: {"204": {description: None.}, "422": {description: No limit.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters: [{name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}]
          responses: {"204": {description: None.}, "422": {description: No limit.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: limit, in: query, required: true, schema: {type: integer, minimum: 1, maximum: 100}, example: 50}
          responses: {"204": {description: None.}, "422": {description: No limit.}}
    ```

    Precision: Only parameters are judged: a required property with a default is what several generators write for
    a value that is always answered.

    Source: OpenAPI 3.0, "Describing Parameters": there is no point in a default for a required parameter.
    """
    told: set[Node] = set()
    for operation in contract.operations:
        for parameter in operation.parameters:
            default = parameter.schema.followed().get("default") if parameter.schema and parameter.required else None
            if default is not None and parameter.node not in told:
                told.add(parameter.node)
                yield default.flaw(
                    f"{operation.symbol} {parameter.name}", f"{parameter.name} is required and has a default."
                )
