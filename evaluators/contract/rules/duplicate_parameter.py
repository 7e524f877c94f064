"""The rule duplicate-parameter."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("duplicate-parameter", family="contract", severity=Severity.ERROR)
def duplicate_parameter(contract: Contract) -> Iterator[Flaw]:
    """A parameter is declared twice in one list.

    Why: Which of the two holds depends on the reader.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: color, in: query, schema: {type: string, maxLength: 20}}
            - {name: color, in: query, schema: {type: string, maxLength: 40}}
          responses: {"204": {description: None.}, "422": {description: No color.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: color, in: query, schema: {type: string, maxLength: 20}}
          responses: {"204": {description: None.}, "422": {description: No color.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: oneItem
          parameters:
            - {name: id, in: query, schema: {type: integer}}
            - {name: id, in: header, schema: {type: integer}}
          responses: {"204": {description: None.}, "422": {description: No id.}}
    ```

    Precision: Name and place together make a parameter. An operation that declares one of its path item anew
    overrides it, which is allowed.

    Source: OpenAPI 3.1, "Operation Object": the list MUST NOT include duplicated parameters.
    """
    items = [node.followed() for _, node in contract.root.items("paths")] if contract.root else []
    for owner in [*items, *(operation.node for operation in contract.operations)]:
        seen: set[tuple[str, str]] = set()
        for written in owner.elements("parameters"):
            node = written.followed()
            key = (node.text("in"), node.text("name"))
            if key in seen and all(key):
                yield written.flaw(f"{owner.pointer} {key[1]}", f"The {key[0]} parameter {key[1]} is declared twice.")
            seen.add(key)
