"""The rule trace-method."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("trace-method", family="contract", severity=Severity.WARNING, security=True)
def trace_method(contract: Contract) -> Iterator[Flaw]:
    """The method TRACE is offered.

    Why: It answers the request as it came, with headers that a page must not see; no interface needs it.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        trace: {operationId: traceItems, responses: {"204": {description: None.}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get: {operationId: listItems, responses: {"204": {description: None.}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        options: {operationId: itemOptions, responses: {"204": {description: None.}}}
        head: {operationId: headItems, responses: {"204": {description: None.}}}
    ```

    Precision: Every declared TRACE is told.

    Source: OWASP Web Security Testing Guide, "Test HTTP Methods"; RFC 9110, section 9.3.8.
    """
    for operation in contract.operations:
        if operation.method == "TRACE":
            yield operation.node.flaw(operation.symbol, f"{operation.symbol} is offered.", "Take it away.")
