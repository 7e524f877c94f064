"""The rule deprecated-without-sunset."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_PLANNED = re.compile(
    r"instead|\buse\b|replac|supersed|sunset|removed|until|successor|favou?r of|[0-9]{4}-[0-9]{2}|/[a-z]", re.IGNORECASE
)


@rule("deprecated-without-sunset", family="contract", severity=Severity.INFO)
def deprecated_without_sunset(contract: Contract) -> Iterator[Flaw]:
    """A deprecated operation does not say what comes instead, or until when.

    Why: Clients cannot plan: they learn that it is gone when it is gone.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          deprecated: true
          description: The items.
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
          deprecated: true
          description: Use /products instead, until 2027-01-31.
          responses: {"204": {description: None.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          deprecated: true
          description: The items.
          responses: {"204": {description: None., headers: {Sunset: {schema: {type: string}}}}}
    ```

    Precision: A Sunset or Deprecation header, an extension `x-sunset`, or a description that names a date or a
    successor counts.

    Source: RFC 8594 (Sunset header); RFC 9745 (Deprecation header). Zally 187 and 189.
    """
    for operation in contract.operations:
        if not operation.node.flag("deprecated"):
            continue
        headers = {name for response in operation.responses for name in response.headers}
        extended = any(key.startswith("x-") and "sunset" in key.lower() for key in operation.node.value)
        said = operation.node.text("description") + operation.node.text("summary")
        if not extended and not headers & {"sunset", "deprecation"} and not _PLANNED.search(said):
            yield operation.node.flaw(
                operation.symbol, f"{operation.symbol} is deprecated, and nothing says until when or for what."
            )
