"""The rule path-trailing-slash."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("path-trailing-slash", family="contract", severity=Severity.WARNING)
def path_trailing_slash(contract: Contract) -> Iterator[Flaw]:
    """A path ends with a slash.

    Why: Frameworks answer the other spelling with a redirect or 404, and a redirect loses the
    body or the credential in many clients.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/:
        get:
          operationId: listItems
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
          responses: {"204": {description: None.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /:
        get:
          operationId: oneItem
          responses: {"204": {description: None.}}
    ```

    Precision: The root itself ends with a slash. Services whose framework insists on it are told too.

    Source: Zally 136, Spectral path-keys-no-trailing-slash.
    """
    for path, node in contract.root.items("paths") if contract.root else ():
        if path.endswith("/") and path != "/":
            yield node.flaw(path, f"The path {path} ends with a slash.")
