"""The rule unknown-scope."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from evaluators.contract.facts import Contract, SecurityScheme
from evaluators.contract.node import Node
from evaluators.contract.resources import requirements
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _scopes(scheme: SecurityScheme) -> set[str]:
    flows = scheme.node.items("flows")
    return {name for _, flow in flows for name, _ in flow.items("scopes")}


@rule("unknown-scope", family="contract", severity=Severity.ERROR, security=True)
def unknown_scope(contract: Contract) -> Iterator[Flaw]:
    """An operation asks for a scope that its OAuth scheme does not have.

    Why: No token can carry it, so nobody gets in; or the check was meant to be another, weaker or stronger one.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          security: [{login: ["items:raed"]}]
          responses: {"204": {description: None.}, "401": {description: Log in.}, "403": {description: Not yours.}}
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
          security: [{login: [auditor]}]
          responses: {"204": {description: None.}, "401": {description: Log in.}, "403": {description: Not yours.}}
    components:
      securitySchemes:
        login: {type: openIdConnect, openIdConnectUrl: "https://id.example.com/.well-known/openid-configuration"}
    ```

    Precision: Only OAuth 2 schemes list their scopes; roles of other schemes are not judged.

    Source: OpenAPI 3.1, "Security Requirement Object": the values are scope names required for the execution.
    """
    known = {scheme.name: _scopes(scheme) for scheme in contract.schemes if scheme.kind == "oauth2"}
    told: set[Node] = set()
    for operation in contract.operations:
        for name, scopes in requirements(contract, operation):
            for scope in scopes.elements() if name in known else ():
                if isinstance(scope.value, str) and scope.value not in known[name] and scope not in told:
                    told.add(scope)
                    near = get_close_matches(scope.value, sorted(known[name]), 1, 0.7)
                    hint = f"Did you mean {near[0]}?" if near else ""
                    yield scope.flaw(
                        f"{operation.symbol} {scope.value}", f"The scheme {name} has no scope {scope.value}.", hint
                    )
