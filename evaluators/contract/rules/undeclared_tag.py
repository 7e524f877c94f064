"""The rule undeclared-tag."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("undeclared-tag", family="contract", severity=Severity.INFO)
def undeclared_tag(contract: Contract) -> Iterator[Flaw]:
    """An operation has a tag that the document does not declare.

    Why: Beside declared tags it is usually a misspelt one.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    tags: [{name: items}]
    paths:
      /items:
        get:
          operationId: listItems
          tags: [item]
          responses: {"204": {description: None.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    tags: [{name: items}]
    paths:
      /items:
        get:
          operationId: listItems
          tags: [items]
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
          tags: [orders]
          responses: {"204": {description: None.}}
    ```

    Precision: Told only where the document declares tags at all.

    Source: Spectral operation-tag-defined.
    """
    declared = set(contract.tags)
    told: set[str] = set()
    for operation in contract.operations if declared else ():
        for tag in operation.tags:
            if tag not in declared and tag not in told:
                told.add(tag)
                at = operation.node.get("tags") or operation.node
                yield at.flaw(tag, f"The tag {tag} of {operation.symbol} is not declared.")
