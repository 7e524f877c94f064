"""The rule public-write-of-item."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.words import is_entrance, words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("public-write-of-item", family="contract", severity=Severity.WARNING, security=True)
def public_write_of_item(contract: Contract) -> Iterator[Flaw]:
    """Whoever knows an id may change or delete what it names.

    Why: The operation says that no credential is needed, or that one is optional, while others of the contract
    ask for one.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{jwt: []}]
    paths:
      /items/{id}:
        delete:
          operationId: deleteItem
          security: [{jwt: []}, {}]
          parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
          responses: {"204": {description: Gone.}, "401": {description: Log in.}, "404": {description: None.}}
        get:
          operationId: getItem
          parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
          responses: {"204": {description: None.}, "401": {description: Log in.}, "404": {description: None.}}
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
      /items/{id}:
        delete:
          operationId: deleteItem
          parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
          responses: {"204": {description: Gone.}, "401": {description: Log in.}, "404": {description: None.}}
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
      /items/{id}:
        get:
          operationId: getItem
          security: []
          parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
          responses: {"204": {description: None.}, "404": {description: None.}}
      /invitations/{token}:
        delete:
          operationId: declineInvitation
          security: []
          parameters: [{name: token, in: path, required: true, schema: {type: string, maxLength: 90}}]
          responses: {"204": {description: Gone.}, "404": {description: None.}}
      /items:
        get: {operationId: listItems, responses: {"204": {description: None.}, "401": {description: Log in.}}}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```

    Precision: Only PUT, PATCH and DELETE with an id in the path are meant. A token or a code in the path is a
    credential. What says nothing at all is told by unsecured-write.

    Source: OWASP API1:2023, Broken Object Level Authorization; API5:2023.
    """
    if not any(operation.secured for operation in contract.operations):
        return
    for operation in contract.operations:
        ids = [p.name for p in operation.parameters_in("path")]
        secret = any(set(words_of(name)) & {"token", "code", "secret", "key"} for name in ids)
        said = operation.security_stated or bool(operation.security)
        if operation.method not in ("PUT", "PATCH", "DELETE") or is_entrance(operation.path):
            continue
        if said and not operation.secured and ids and not secret:
            yield operation.node.flaw(
                operation.symbol, f"{operation.symbol} changes what {ids[0]} names and needs no credential."
            )
