"""The rule error-without-content."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("error-without-content", family="contract", severity=Severity.INFO)
def error_without_content(contract: Contract) -> Iterator[Flaw]:
    """An error has no content while others have.

    Why: A client that reads the usual error finds nothing.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "204": {description: None.}
            "500": {description: Broken.}
            "503":
              description: The database is away.
              content: {application/json: {schema: {type: string}}}
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
            "204": {description: None.}
            "500": {$ref: "#/components/responses/Problem"}
            "503": {$ref: "#/components/responses/Problem"}
    components:
      responses:
        Problem:
          description: What went wrong.
          content: {application/json: {schema: {type: string}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: oneItem
          responses: {"204": {description: None.}, "404": {description: None.}}
    ```

    Precision: Told only where other errors have content. HEAD has no body, and a 304 is no error.

    Source: RFC 9457. IBM error-response-schemas.
    """
    errors = [(op, r) for op in contract.operations for r in op.responses if r.status[:1] in ("4", "5")]
    if not any(response.media for _, response in errors):
        return
    for operation, response in errors:
        if not response.media and operation.method != "HEAD":
            symbol = f"{operation.symbol} {response.status}"
            yield response.written.flaw(symbol, f"{symbol} has no content, and other errors have.")
