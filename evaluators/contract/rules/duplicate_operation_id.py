"""The rule duplicate-operation-id."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("duplicate-operation-id", family="contract", severity=Severity.ERROR)
def duplicate_operation_id(contract: Contract) -> Iterator[Flaw]:
    """Two operations have one operationId.

    Why: It names the operation in links, generated clients and tests; the second one overwrites
    the first.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: items
          responses: {"204": {description: None.}}
        delete:
          operationId: items
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
          responses: {"204": {description: None.}}
        delete:
          operationId: deleteItems
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
          responses: {"204": {description: None.}}
        head: {operationId: OneItem, responses: {"204": {description: None.}}}
    ```

    Precision: Ids are compared by letter, as the specification does; generators that fold case may still clash.
    Callbacks are not compared.

    Source: OpenAPI 3.1, "Operation Object": the id MUST be unique. Spectral operation-operationId-unique.
    """
    first: dict[str, str] = {}
    for operation in (*contract.operations, *contract.webhooks):
        if operation.id is None:
            continue
        if operation.id in first:
            at = operation.node.get("operationId") or operation.node
            yield at.flaw(
                operation.id, f"{operation.symbol} has the operationId {operation.id} of {first[operation.id]}."
            )
        first.setdefault(operation.id, operation.symbol)
