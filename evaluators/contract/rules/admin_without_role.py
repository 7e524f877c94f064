"""The rule admin-without-role."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.resources import scopes_asked
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_ADMIN = re.compile(r"/(admin|administration|backoffice|back-office|superuser)(/|$)", re.IGNORECASE)
_ROLE = re.compile(r"\brole|permission|privilege|administrators? only|only (for )?admin|requires admin", re.IGNORECASE)


@rule("admin-without-role", family="contract", severity=Severity.WARNING, security=True)
def admin_without_role(contract: Contract) -> Iterator[Flaw]:
    """An administrative operation asks for no more than any other.

    Why: Every token that opens the rest opens it too, as far as the contract says.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{jwt: []}]
    paths:
      /admin/members:
        get: {operationId: listMembers, responses: {"204": {description: None.}, "401": {description: Log in.}}}
      /items:
        get: {operationId: listItems, responses: {"204": {description: None.}, "401": {description: Log in.}}}
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
      /admin/members:
        get:
          operationId: listMembers
          description: For administrators.
          responses: {"204": {description: None.}, "401": {description: Log in.}, "403": {description: Not an admin.}}
      /items:
        get:
          operationId: listItems
          description: For all.
          responses: {"204": {description: None.}, "401": {description: Log in.}}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /admin/members:
        get:
          operationId: listMembers
          security: [{staff: []}]
          responses: {"204": {description: x}, "401": {description: x}}
      /items:
        get:
          operationId: listItems
          security: [{jwt: []}]
          responses: {"204": {description: x}, "401": {description: x}}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
        staff: {type: http, scheme: bearer, bearerFormat: JWT}
    ```

    Precision: Paths with a segment admin or backoffice are meant. A scope, a scheme of its own, a declared 403 or
    404, or a word on roles in the description counts.

    Source: OWASP API5:2023, Broken Function Level Authorization.
    """
    usual = {op.security for op in contract.operations if not _ADMIN.search(op.path) and op.secured}
    for operation in contract.operations:
        if not _ADMIN.search(operation.path) or not operation.secured or operation.security not in usual:
            continue
        refused = any(operation.response(status) is not None for status in ("403", "404"))
        if not refused and not scopes_asked(contract, operation) and not _ROLE.search(str(operation.node.value)):
            yield operation.node.flaw(
                operation.symbol,
                f"{operation.symbol} is for administrators and asks for what every operation asks.",
                "Ask for a scope or a role, and declare 403.",
            )
