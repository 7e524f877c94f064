"""The rule missing-forbidden-response."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.resources import scopes_asked
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("missing-forbidden-response", family="contract", severity=Severity.INFO)
def missing_forbidden_response(contract: Contract) -> Iterator[Flaw]:
    """An operation asks for a scope and declares no 403.

    Why: A valid token without the scope is refused, and the contract does not say how: clients take it for 401
    and log in again and again.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          security: [{login: ["items:read"]}]
          responses: {"204": {description: None.}, "401": {description: Log in.}}
    components:
      securitySchemes:
        login:
          type: oauth2
          flows: {clientCredentials: {tokenUrl: "https://id.example.com/token", scopes: {"items:read": Read items.}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          security: [{login: ["items:read"]}]
          responses: {"204": {description: None.}, "401": {description: Log in.}, "403": {description: Not yours.}}
    components:
      securitySchemes:
        login:
          type: oauth2
          flows: {clientCredentials: {tokenUrl: "https://id.example.com/token", scopes: {"items:read": Read items.}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          security: [{login: []}]
          responses: {"204": {description: None.}, "401": {description: Log in.}}
    components:
      securitySchemes:
        login:
          type: oauth2
          flows: {clientCredentials: {tokenUrl: "https://id.example.com/token", scopes: {"items:read": Read items.}}}
    ```

    Precision: Only scopes and roles that the contract names are seen, not rules of ownership. A 404 that hides
    what is not yours is taken for a decision.

    Source: RFC 6750, section 3.1 (insufficient_scope); RFC 9110, section 15.5.4.
    """
    for operation in contract.operations:
        refused = any(operation.response(status) is not None for status in ("403", "404"))
        if operation.secured and operation.responses and not refused and scopes_asked(contract, operation):
            at = operation.node.get("responses") or operation.node
            yield at.flaw(operation.symbol, f"{operation.symbol} asks for a scope and declares no 403.", "Declare 403.")
