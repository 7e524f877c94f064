"""The rule missing-not-found-response."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import facets
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("missing-not-found-response", family="contract", severity=Severity.ERROR)
def missing_not_found_response(contract: Contract) -> Iterator[Flaw]:
    """An operation on one thing does not declare 404.

    Why: An id that names nothing must be refused, and the contract does not say how.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          operationId: getItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          operationId: getItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: No such item.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          operationId: oneItem
          parameters: [{name: id, in: path, required: true, schema: {type: string, enum: [a, b]}}]
          responses: {"204": {description: None.}}
    ```

    Precision: A PUT that makes what is not there, and ids of a fixed list, need no 404; 410, a range or a default
    counts.

    Source: RFC 9110, section 15.5.5. IBM response-status-codes.
    """
    for operation in contract.operations:
        ids = [p for p in operation.parameters_in("path") if p.schema is None or facets(p.schema).enum is None]
        ids = [p for p in ids if f"{{{p.name}}}" in operation.path]
        made = operation.method == "PUT" and any(response.status == "201" for response in operation.responses)
        hidden = any(operation.response(status) is not None for status in ("404", "410"))
        if ids and operation.responses and not made and not hidden:
            at = operation.node.get("responses") or operation.node
            yield at.flaw(operation.symbol, f"{operation.symbol} has {ids[0].name} in its path and declares no 404.")
