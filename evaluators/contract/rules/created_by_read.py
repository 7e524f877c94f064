"""The rule created-by-read."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("created-by-read", family="contract", severity=Severity.WARNING)
def created_by_read(contract: Contract) -> Iterator[Flaw]:
    """A method that makes nothing answers 201.

    Why: 201 says that something was made: a GET or a DELETE makes nothing, so clients look for it in vain.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get: {operationId: listItems, responses: {"201": {description: The items.}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get: {operationId: listItems, responses: {"204": {description: None.}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        put:
          operationId: putItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          requestBody: {required: true, content: {text/plain: {schema: {type: string, maxLength: 80}}}}
          responses: {"201": {description: Made.}, "204": {description: Changed.}, "422": {description: No.}}
    ```

    Precision: GET, HEAD and DELETE are meant; whatever else may make something.

    Source: RFC 9110, sections 9.2.1 and 15.3.2.
    """
    for operation in contract.operations:
        for response in operation.responses:
            if operation.method in ("GET", "HEAD", "DELETE") and response.status == "201":
                yield response.written.flaw(operation.symbol, f"{operation.symbol} answers 201 and makes nothing.")
