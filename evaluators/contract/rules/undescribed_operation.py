"""The rule undescribed-operation."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract, Operation
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _told(operation: Operation) -> bool:
    return bool(operation.node.text("summary") or operation.node.text("description"))


@rule("undescribed-operation", family="contract", severity=Severity.INFO)
def undescribed_operation(contract: Contract) -> Iterator[Flaw]:
    """An operation has neither summary nor description while others have.

    Why: Its reader has to guess what it does from its path.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          summary: The items of the shop.
          responses: {"204": {description: None.}}
        delete:
          operationId: deleteItems
          responses: {"204": {description: Gone.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          summary: The items of the shop.
          responses: {"204": {description: None.}}
        delete:
          operationId: deleteItems
          description: Empties the shop.
          responses: {"204": {description: Gone.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: oneItem
          summary: One.
          responses: {"204": {description: None.}}
    ```

    Precision: A summary or a description is enough. Where no operation has either, it is a habit and not told.

    Source: Spectral operation-description, Redocly operation-summary.
    """
    if any(_told(operation) for operation in contract.operations):
        for operation in contract.operations:
            if not _told(operation):
                yield operation.node.flaw(operation.symbol, f"{operation.symbol} has no summary and no description.")
