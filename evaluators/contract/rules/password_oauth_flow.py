"""The rule password-oauth-flow."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("password-oauth-flow", family="contract", severity=Severity.WARNING, security=True)
def password_oauth_flow(contract: Contract) -> Iterator[Flaw]:
    """OAuth 2 is used with the password flow.

    Why: The application sees the password of its user, and neither a second factor nor a single sign-on can be
    had.

    Bad:
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
        login: {type: oauth2, flows: {password: {tokenUrl: "https://id.example.com/token", scopes: {}}}}
    ```

    Good:
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
              authorizationUrl: https://id.example.com/authorize
              tokenUrl: https://id.example.com/token
              scopes: {}
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
        login: {type: oauth2, flows: {clientCredentials: {tokenUrl: "https://id.example.com/token", scopes: {}}}}
    ```

    Precision: A token URL on the service itself (`token`, `/auth/login`) is how some frameworks describe their
    own login form, and is told as info would be: nothing. Only an absolute URL is judged.

    Source: RFC 9700, section 2.4: the resource owner password credentials grant MUST NOT be used.
    """
    for scheme in contract.schemes:
        flow = scheme.node.down("flows", "password") if scheme.kind == "oauth2" else None
        if flow is not None and "://" in flow.text("tokenUrl"):
            yield flow.flaw(
                scheme.name, f"The scheme {scheme.name} uses OAuth's password flow.", "Use the authorization code flow."
            )
