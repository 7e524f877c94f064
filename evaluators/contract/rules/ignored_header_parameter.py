"""The rule ignored-header-parameter."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("ignored-header-parameter", family="contract", severity=Severity.WARNING)
def ignored_header_parameter(contract: Contract) -> Iterator[Flaw]:
    """A header is declared where it has no effect.

    Why: OpenAPI ignores parameters named Accept, Content-Type and Authorization: they belong to the media types
    and to the security schemes, so generated clients never send this one.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters: [{name: Authorization, in: header, required: true, schema: {type: string, maxLength: 900}}]
          responses: {"204": {description: None.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          security: [{jwt: []}]
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
      /items:
        get:
          operationId: listItems
          parameters: [{name: Accept-Language, in: header, schema: {type: string, maxLength: 90}}]
          responses: {"204": {description: None.}}
    ```

    Precision: Names are compared without case; every such parameter is ignored, whatever it says.

    Source: OpenAPI 3.1, "Parameter Object": such definitions SHALL be ignored.
    """
    told: set[Node] = set()
    for operation in contract.operations:
        for parameter in operation.parameters_in("header"):
            if parameter.name.lower() in ("accept", "content-type", "authorization") and parameter.node not in told:
                told.add(parameter.node)
                yield parameter.node.flaw(
                    f"{operation.symbol} {parameter.name}", f"The header parameter {parameter.name} is ignored."
                )
