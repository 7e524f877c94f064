"""The rule basic-authentication."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("basic-authentication", family="contract", severity=Severity.WARNING, security=True)
def basic_authentication(contract: Contract) -> Iterator[Flaw]:
    """Name and password are sent with every request.

    Why: They cannot be limited or withdrawn like a token, and every proxy and log may see them.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{login: []}]
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}, "401": {description: Log in first.}}
    components:
      securitySchemes:
        login: {type: http, scheme: basic}
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
      /items:
        get:
          operationId: listItems
          security: [{login: []}]
          responses: {"204": {description: None.}, "401": {description: Log in.}}
    components: {securitySchemes: {login: {type: http, scheme: digest}}}
    ```

    Precision: Told also where basic authentication is for a token endpoint or for machines behind TLS only; then
    suppress it with the reason.

    Source: OWASP API2:2023. Spectral owasp:api2:2023-no-http-basic.
    """
    for scheme in contract.schemes:
        if scheme.kind == "http" and scheme.scheme == "basic":
            yield scheme.node.flaw(scheme.name, f"{scheme.name} is HTTP basic authentication.", "Use a token.")
