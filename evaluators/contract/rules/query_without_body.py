"""The rule query-without-body."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("query-without-body", family="contract", severity=Severity.WARNING)
def query_without_body(contract: Contract) -> Iterator[Flaw]:
    """An operation of the method QUERY takes no body.

    Why: QUERY is a GET that carries its question in the body; without one it asks nothing that GET could not.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.2.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        query: {operationId: searchItems, responses: {"204": {description: None.}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.2.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        query:
          operationId: searchItems
          requestBody: {required: true, content: {text/plain: {schema: {type: string, maxLength: 500}}}}
          responses: {"204": {description: None.}, "422": {description: No question.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.2.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        query:
          operationId: searchItems
          requestBody: {$ref: "#/components/requestBodies/Question"}
          responses: {"204": {description: None.}, "422": {description: No question.}}
    components:
      requestBodies:
        Question: {required: true, content: {text/plain: {schema: {type: string, maxLength: 500}}}}
    ```

    Precision: Only OpenAPI 3.2 has the method.

    Source: OpenAPI 3.2, "Path Item Object"; IETF draft "The HTTP QUERY Method".
    """
    for operation in contract.operations:
        if operation.method == "QUERY" and operation.body is None:
            yield operation.node.flaw(operation.symbol, f"{operation.symbol} takes no body.", "Make it a GET.")
