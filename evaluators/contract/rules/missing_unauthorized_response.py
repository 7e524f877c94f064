"""The rule missing-unauthorized-response."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("missing-unauthorized-response", family="contract", severity=Severity.ERROR)
def missing_unauthorized_response(contract: Contract) -> Iterator[Flaw]:
    """An operation needs a credential and does not declare 401.

    Why: It is the answer to every call without one; clients must know it to log in again.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{jwt: []}]
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{jwt: []}]
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}, "401": {description: Log in first.}}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```

    Source: RFC 9110, section 15.5.2. Spectral owasp:api8:2023-define-error-responses-401.
    """
    for operation in contract.operations:
        if operation.secured and operation.responses and operation.response("401") is None:
            at = operation.node.get("responses") or operation.node
            yield at.flaw(
                operation.symbol, f"{operation.symbol} needs a credential and declares no 401.", "Declare 401."
            )
