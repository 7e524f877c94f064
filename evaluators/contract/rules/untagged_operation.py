"""The rule untagged-operation."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("untagged-operation", family="contract", severity=Severity.INFO, strict=True)
def untagged_operation(contract: Contract) -> Iterator[Flaw]:
    """An operation has no tag while others have one.

    Why: Documentation groups by tag, and this operation falls out of it.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          tags: [items]
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
          tags: [items]
          responses: {"204": {description: None.}}
        delete:
          operationId: deleteItems
          tags: [items]
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
    ```

    Precision: Told only where other operations have tags.

    Source: Spectral operation-tags.
    """
    if any(operation.tags for operation in contract.operations):
        for operation in contract.operations:
            if not operation.tags:
                yield operation.node.flaw(operation.symbol, f"{operation.symbol} has no tag, and others have.")
