"""The rule missing-unauthorized-response."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract, Operation
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("missing-unauthorized-response", family="contract", severity=Severity.ERROR)
def missing_unauthorized_response(contract: Contract) -> Iterator[Flaw]:
    """An operation needs a credential and does not declare 401.

    Why: It is the answer to every call without one; clients must know it to log in again.
    A signature over the body (a webhook's) is no login: senders expect 400 where it is
    wrong, so such a scheme may declare 400 instead.

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

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /hooks:
        post:
          operationId: receive
          security: [{hook: []}]
          responses: {"204": {description: Taken.}, "400": {description: Wrong signature.}}
    components: {securitySchemes: {hook: {type: apiKey, in: header, name: X-Signature}}}
    ```

    Precision: A range or a default counts, and 400 where the credential is a signature. Optional security needs
    no 401.

    Source: RFC 9110, section 15.5.2. Spectral owasp:api8:2023-define-error-responses-401.
    """
    for operation in contract.operations:
        signed = _signed(contract, operation) and operation.response("400") is not None
        if operation.secured and operation.responses and operation.response("401") is None and not signed:
            at = operation.node.get("responses") or operation.node
            yield at.flaw(
                operation.symbol, f"{operation.symbol} needs a credential and declares no 401.", "Declare 401."
            )


def _signed(contract: Contract, operation: Operation) -> bool:
    """Whether every scheme that the operation takes is a signature in a header."""
    taken = {name for needed in operation.security for name in needed}
    schemes = [scheme for scheme in contract.schemes if scheme.name in taken]
    return bool(schemes) and all(
        scheme.kind == "apiKey" and scheme.where == "header" and "signature" in str(scheme.node.value).lower()
        for scheme in schemes
    )
