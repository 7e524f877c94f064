"""The rule success-without-content."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("success-without-content", family="contract", severity=Severity.WARNING)
def success_without_content(contract: Contract) -> Iterator[Flaw]:
    """A GET answers 200 and does not say with what.

    Why: Its only purpose is the content; a client cannot read what is not described.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"200": {description: The items.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "200": {description: The items., content: {application/json: {schema: {type: string}}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: oneItem
          responses: {"204": {description: None.}}
    ```

    Precision: Only 200 of a GET. A body of any media type counts.

    Source: Zally 151, Redocly operation-2xx-response.
    """
    for operation in contract.operations:
        for response in operation.responses:
            if operation.method == "GET" and response.status == "200" and not response.media:
                yield response.written.flaw(operation.symbol, f"{operation.symbol} answers 200 without any content.")
