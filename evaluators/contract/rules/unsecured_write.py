"""The rule unsecured-write."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract, Operation
from evaluators.contract.shapes import shape_of
from evaluators.contract.words import is_entrance, is_password
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _registers(operation: Operation) -> bool:
    """Whether somebody without a credential chooses a password here."""
    media = operation.body.media if operation.method == "POST" and operation.body else ()
    schemas = [each.schema for each in media if each.schema is not None]
    return any(is_password(found.name) for schema in schemas for found in shape_of(schema).properties)


@rule("unsecured-write", family="contract", severity=Severity.ERROR, security=True)
def unsecured_write(contract: Contract) -> Iterator[Flaw]:
    """An operation that changes something needs no credential while others need one.

    Why: It was forgotten: nothing says that it is public. `security: []` says so.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          security: [{jwt: []}]
          responses: {"204": {description: None.}, "401": {description: Log in first.}}
        delete:
          operationId: deleteItems
          responses: {"204": {description: Gone.}}
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
        delete:
          operationId: deleteItems
          responses: {"204": {description: Gone.}, "401": {description: Log in first.}}
      /visits:
        post:
          operationId: countVisit
          security: []
          responses: {"204": {description: Counted.}}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{jwt: []}]
    paths:
      /members:
        post:
          security: []
          operationId: oneItem
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {password: {type: string, maxLength: 80}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    components: {securitySchemes: {jwt: {type: http, scheme: bearer, bearerFormat: JWT}}}
    ```

    Precision: Entrances, registrations and what says `security: []` are public on purpose. A contract without any
    scheme is left alone.

    Source: OWASP API5:2023, Broken Function Level Authorization. Spectral owasp:api2:2023-write-restricted.
    """
    if not contract.schemes:
        return
    for operation in contract.operations:
        writes = operation.method in ("POST", "PUT", "PATCH", "DELETE") and not _registers(operation)
        if writes and not operation.secured and not operation.security_stated and not is_entrance(operation.path):
            message = f"{operation.symbol} changes something and needs no credential."
            yield operation.node.flaw(operation.symbol, message, "Secure it, or say `security: []` where it is public.")
