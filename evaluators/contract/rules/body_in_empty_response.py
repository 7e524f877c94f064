"""The rule body-in-empty-response."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("body-in-empty-response", family="contract", severity=Severity.ERROR)
def body_in_empty_response(contract: Contract) -> Iterator[Flaw]:
    """A response that has no body declares one.

    Why: HTTP forbids a body with 204, 205 and 304: the declared content can never arrive.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        delete:
          operationId: deleteItems
          responses:
            "204":
              description: Gone.
              content: {application/json: {schema: {type: string}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        delete:
          operationId: deleteItems
          responses:
            "204": {description: Gone.}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: oneItem
          responses: {"200": {description: x, content: {text/csv: {}}}, "204": {description: None.}}
    ```

    Precision: 204, 205, 304 and 1xx are meant. A response without a body of any other status is none of its
    business.

    Source: RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5.
    """
    for operation in contract.operations:
        for response in operation.responses:
            if response.media and (response.status in ("204", "205", "304") or response.status.startswith("1")):
                at = response.node.get("content") or response.node
                yield at.flaw(f"{operation.symbol} {response.status}", f"{response.status} cannot carry a body.")
