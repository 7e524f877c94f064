"""The rule update-without-body."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("update-without-body", family="contract", severity=Severity.WARNING)
def update_without_body(contract: Contract) -> Iterator[Flaw]:
    """A PUT or PATCH takes no body.

    Why: It says to replace or change something and not with what.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /settings:
        put:
          operationId: putSettings
          responses: {"204": {description: Done.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /settings:
        put:
          operationId: putSettings
          requestBody: {required: true, content: {application/json: {schema: {type: string, maxLength: 50}}}}
          responses: {"204": {description: Done.}, "422": {description: No settings.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}/archive:
        put:
          operationId: oneItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: Done.}, "404": {description: None.}}
    ```

    Precision: A last segment that names an action or a membership needs no body.

    Source: RFC 9110, section 9.3.4; RFC 5789.
    """
    for operation in contract.operations:
        last = operation.path.rstrip("/").rsplit("/", 1)[-1]
        named = not last.startswith("{") and operation.path.count("/") > 2
        if (
            operation.method in ("PUT", "PATCH")
            and operation.body is None
            and not named
            and operation.path.count("{") < 2
        ):
            yield operation.node.flaw(operation.symbol, f"{operation.symbol} takes no body.")
