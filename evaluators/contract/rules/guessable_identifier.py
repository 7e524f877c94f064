"""The rule guessable-identifier."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import facets
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("guessable-identifier", family="contract", severity=Severity.INFO, strict=True, security=True)
def guessable_identifier(contract: Contract) -> Iterator[Flaw]:
    """What everybody may read is named by numbers in a row.

    Why: Whoever counts up reads all of it, and sees how much there is and how fast it grows.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /receipts/{id}:
        get:
          operationId: getReceipt
          security: []
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: None.}}
      /me:
        get:
          operationId: getMe
          security: [{jwt: []}]
          responses: {"204": {description: x}, "401": {description: x}}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /receipts/{id}:
        get:
          operationId: getReceipt
          security: []
          parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
          responses: {"204": {description: None.}, "404": {description: None.}}
      /me:
        get:
          operationId: getMe
          security: [{jwt: []}]
          responses: {"204": {description: x}, "401": {description: x}}
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
      /receipts/{id}:
        get:
          operationId: getReceipt
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "401": {description: x}, "404": {description: None.}}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```

    Precision: A public catalogue may well be counted; that is why it is in the preset strict only. Operations
    that ask for a credential are left to the ownership checks.

    Source: OWASP API1:2023. Spectral owasp:api1:2023-no-numeric-ids.
    """
    for operation in contract.operations if contract.schemes else ():
        for parameter in operation.parameters_in("path") if not operation.secured else ():
            if parameter.schema is not None and facets(parameter.schema).types == {"integer"}:
                yield parameter.node.flaw(
                    operation.symbol, f"{operation.symbol} is public and named by the integer {parameter.name}."
                )
                break
