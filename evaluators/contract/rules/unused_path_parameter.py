"""The rule unused-path-parameter."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("unused-path-parameter", family="contract", severity=Severity.ERROR)
def unused_path_parameter(contract: Contract) -> Iterator[Flaw]:
    """A path parameter is declared, and the path does not have it.

    Why: The value cannot be sent anywhere: either the path or the parameter is wrong.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: shop, in: path, required: true, schema: {type: integer}}
          responses: {"204": {description: None.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /shops/{shop}/items:
        get:
          operationId: listItems
          parameters:
            - {name: shop, in: path, required: true, schema: {type: integer}}
          responses: {"204": {description: None.}, "404": {description: No such shop.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: oneItem
          parameters: [{name: id, in: query, schema: {type: integer}}]
          responses: {"204": {description: None.}, "422": {description: No id.}}
    ```

    Precision: Only parameters in the path are meant.

    Source: OpenAPI 3.1, "Parameter Object": the name MUST correspond to a template expression.
    """
    for operation in contract.operations:
        for parameter in operation.parameters_in("path"):
            if f"{{{parameter.name}}}" not in operation.path:
                yield parameter.node.flaw(
                    f"{operation.path} {parameter.name}",
                    f"{operation.symbol} declares the path parameter {parameter.name}, which {operation.path} lacks.",
                )
