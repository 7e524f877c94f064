"""The rule missing-operation-id."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("missing-operation-id", family="contract", severity=Severity.WARNING)
def missing_operation_id(contract: Contract) -> Iterator[Flaw]:
    """An operation has no operationId.

    Why: Tools then invent a name from method and path, which changes when the path does.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
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
          responses: {"204": {description: None.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: oneItem
          responses: {"204": {description: None.}}
    ```

    Precision: Webhooks and callbacks need none.

    Source: Spectral operation-operationId, Redocly operation-operationId.
    """
    for operation in contract.operations:
        if not operation.id:
            yield operation.node.flaw(operation.symbol, f"{operation.symbol} has no operationId.")
