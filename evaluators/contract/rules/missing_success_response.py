"""The rule missing-success-response."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("missing-success-response", family="contract", severity=Severity.ERROR)
def missing_success_response(contract: Contract) -> Iterator[Flaw]:
    """An operation says no answer for success.

    Why: Nobody knows what a call that works gives back, and every success breaks the contract.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"503": {description: The database is away.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}, "503": {description: The database is away.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: oneItem
          responses: {default: {description: Whatever comes.}}
    ```

    Precision: Redirects, 1xx and a default count as an answer for success.

    Source: OpenAPI 3.1, "Responses Object". Spectral operation-success-response.
    """
    for operation in contract.operations:
        if contract.family == "3.0" and not operation.node.has("responses"):
            continue
        if not any(r.status[:1] in ("1", "2", "3") or r.status == "default" for r in operation.responses):
            at = operation.node.get("responses") or operation.node
            yield at.flaw(operation.symbol, f"{operation.symbol} declares no response of 2xx or 3xx.")
