"""The rule retry-after-missing."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("retry-after-missing", family="contract", severity=Severity.INFO)
def retry_after_missing(contract: Contract) -> Iterator[Flaw]:
    """A 429 does not say when to try again.

    Why: Clients then try again at once, which is what the limit was to prevent.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}, "429": {description: Too many.}}
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
            "429": {description: Too many., headers: {Retry-After: {schema: {type: integer}}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: oneItem
          responses:
            "204": {description: None.}
            "429": {description: Too many., headers: {retry-after: {schema: {type: integer}}}}
    ```

    Precision: Names of headers are compared without case. A limit that is told in other headers (RateLimit) is
    told too.

    Source: RFC 6585, section 4. Spectral owasp:api4:2023-rate-limit-retry-after.
    """
    for operation, response in contract.statuses.get("429", ()):
        if "retry-after" not in response.headers:
            yield response.written.flaw(operation.symbol, f"The 429 of {operation.symbol} has no Retry-After.")
