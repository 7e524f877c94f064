"""The rule implicit-oauth-flow."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("implicit-oauth-flow", family="contract", severity=Severity.WARNING, security=True)
def implicit_oauth_flow(contract: Contract) -> Iterator[Flaw]:
    """OAuth's implicit flow is offered.

    Why: It hands the token over in a URL; OAuth 2.1 has removed it.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{oauth: []}]
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}, "401": {description: Log in first.}}
    components:
      securitySchemes:
        oauth:
          type: oauth2
          flows: {implicit: {authorizationUrl: "https://example.com/authorize", scopes: {read: Read.}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{oauth: []}]
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}, "401": {description: Log in first.}}
    components:
      securitySchemes:
        oauth:
          type: oauth2
          flows:
            authorizationCode:
              authorizationUrl: https://example.com/authorize
              tokenUrl: https://example.com/token
              scopes: {read: Read.}
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
          flows:
            authorizationCode:
              authorizationUrl: "https://id.example.com/a"
              tokenUrl: "https://id.example.com/t"
              scopes: {}
    ```

    Precision: Every declared implicit flow is told, whether used or not.

    Source: RFC 9700, section 2.1.2.
    """
    for scheme in contract.schemes:
        at = scheme.node.down("flows", "implicit")
        if at is not None:
            yield at.flaw(scheme.name, f"{scheme.name} offers the implicit flow.", "Use authorizationCode with PKCE.")
