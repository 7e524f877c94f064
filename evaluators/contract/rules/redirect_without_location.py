"""The rule redirect-without-location."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("redirect-without-location", family="contract", severity=Severity.WARNING)
def redirect_without_location(contract: Contract) -> Iterator[Flaw]:
    """A redirect does not say where to.

    Why: The client is sent elsewhere and not told where.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /old:
        get:
          operationId: getOld
          responses: {"301": {description: Moved.}, "200": {description: Still here., content: {text/csv: {}}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /old:
        get:
          operationId: getOld
          responses:
            "301": {description: Moved., headers: {Location: {schema: {type: string, format: uri-reference}}}}
            "200": {description: Still here., content: {text/csv: {}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /old:
        get:
          operationId: getOld
          responses:
            "304": {description: Not modified.}
            "200": {description: Still here., content: {text/csv: {}}}
    ```

    Precision: 301, 302, 303, 307 and 308 are redirects; 300 and 304 are not.

    Source: RFC 9110, section 15.4.
    """
    for operation in contract.operations:
        for response in operation.responses:
            if response.status in ("301", "302", "303", "307", "308") and "location" not in response.headers:
                yield response.written.flaw(
                    f"{operation.symbol} {response.status}",
                    f"The {response.status} of {operation.symbol} has no Location header.",
                )
