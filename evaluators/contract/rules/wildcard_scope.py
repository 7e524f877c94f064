"""The rule wildcard-scope."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("wildcard-scope", family="contract", severity=Severity.WARNING, security=True)
def wildcard_scope(contract: Contract) -> Iterator[Flaw]:
    """A scope gives everything.

    Why: A token that leaks, or an application that is not trusted, may do all: there is nothing smaller to ask
    for.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          security: [{login: ["*"]}]
          responses: {"204": {description: None.}, "401": {description: Log in.}, "403": {description: Not yours.}}
    components:
      securitySchemes:
        login:
          type: oauth2
          flows: {clientCredentials: {tokenUrl: "https://id.example.com/token", scopes: {"*": All.}}}
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
          security: [{login: ["items:all-regions"]}]
          responses: {"204": {description: None.}, "401": {description: Log in.}, "403": {description: Not yours.}}
    components:
      securitySchemes:
        login:
          type: oauth2
          flows:
            clientCredentials: {tokenUrl: "https://id.example.com/token", scopes: {"items:all-regions": All regions.}}
    ```

    Precision: A star as the whole scope or as one of its parts, and the words all, everything and full_access by
    themselves, are meant; what a scope really gives is not known.

    Source: OWASP API5:2023; RFC 9700, section 2.3 (least privilege).
    """
    told: set[str] = set()
    for scheme in contract.schemes:
        for _, flow in scheme.node.items("flows"):
            for name, node in flow.items("scopes"):
                wide = "*" in re.split(r"[:./]", name) or name.lower() in ("all", "everything", "full_access", "full")
                if wide and name not in told:
                    told.add(name)
                    yield node.flaw(f"{scheme.name} {name}", f"The scope {name} gives everything.")
