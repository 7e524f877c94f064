"""The rule body-on-read."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("body-on-read", family="contract", severity=Severity.WARNING)
def body_on_read(contract: Contract) -> Iterator[Flaw]:
    """A GET, HEAD or DELETE has a request body.

    Why: Proxies and clients drop it, so the service does not see what was sent.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: searchItems
          requestBody: {required: true, content: {application/json: {schema: {type: string, maxLength: 50}}}}
          responses: {"204": {description: None.}, "422": {description: No search.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/search:
        post:
          operationId: searchItems
          requestBody: {required: true, content: {application/json: {schema: {type: string, maxLength: 50}}}}
          responses: {"204": {description: None.}, "422": {description: No search.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/search:
        post:
          operationId: oneItem
          requestBody:
            required: true
            content:
              application/json:
                schema: {type: object, additionalProperties: false, properties: {q: {type: string, maxLength: 80}}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    ```

    Precision: OPTIONS and QUERY may have a body. Search services that take a body on GET on purpose are told too.

    Source: RFC 9110, section 9.3.1: content in a GET has no generally defined semantics.
    """
    for operation in contract.operations:
        if operation.body is not None and operation.method in ("GET", "HEAD", "DELETE"):
            at = operation.node.get("requestBody") or operation.node
            yield at.flaw(operation.symbol, f"{operation.symbol} has a request body.", "Use the query, or POST.")
