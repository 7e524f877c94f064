"""The rule query-in-path."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("query-in-path", family="contract", severity=Severity.WARNING)
def query_in_path(contract: Contract) -> Iterator[Flaw]:
    """A path template holds a query or a fragment.

    Why: Readers take it for a part of the path, so no request ever matches; two such paths are one for a server.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items?color=red: {get: {operationId: listRed, responses: {"204": {description: None.}}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters: [{name: color, in: query, schema: {type: string, enum: [red, blue]}}]
          responses: {"204": {description: None.}, "422": {description: No color.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:archive:
        post:
          operationId: archiveItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: Done.}, "404": {description: None.}}
    ```

    Precision: It looks for `?` and `#` in a path; nothing else is judged.

    Source: OpenAPI 3.1, "Paths Object". Spectral path-not-include-query.
    """
    for path, node in contract.root.items("paths") if contract.root else ():
        if path.startswith("/") and ("?" in path or "#" in path):
            yield node.flaw(path, f"The path {path} holds a query or a fragment.", "Declare a query parameter.")
