"""The rule untyped-parameter."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_SILENT = frozenset(("description", "title", "example", "examples", "default", "deprecated", "nullable"))


@rule("untyped-parameter", family="contract", severity=Severity.WARNING)
def untyped_parameter(contract: Contract) -> Iterator[Flaw]:
    """A parameter says nothing of its values.

    Why: Without a type anything is valid: no client is generated with a type, no server refuses, no test knows
    what to send.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters: [{name: color, in: query, schema: {description: The color.}}]
          responses: {"204": {description: None.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters: [{name: color, in: query, schema: {type: string, maxLength: 20}}]
          responses: {"204": {description: None.}, "422": {description: No color.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters: [{name: color, in: query, schema: {enum: [red, blue]}}]
          responses: {"204": {description: None.}, "422": {description: No color.}}
    ```

    Precision: Any keyword that limits the values counts as said, whatever it is.

    Source: OpenAPI 3.1, "Parameter Object"; OWASP API4:2023.
    """
    told: set[Node] = set()
    for operation in contract.operations:
        for parameter in operation.parameters:
            schema = parameter.schema
            silent = schema is not None and isinstance(schema.value, dict) and set(schema.value) <= _SILENT
            if silent and parameter.node not in told:
                told.add(parameter.node)
                yield parameter.node.flaw(
                    f"{operation.symbol} {parameter.name}",
                    f"The {parameter.where} parameter {parameter.name} has no type.",
                )
