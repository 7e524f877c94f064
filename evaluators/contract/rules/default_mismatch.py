"""The rule default-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("default-mismatch", family="contract", severity=Severity.ERROR)
def default_mismatch(contract: Contract) -> Iterator[Flaw]:
    """A default does not satisfy its schema.

    Why: A client that relies on it sends what the service refuses.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 500}}
          responses: {"204": {description: None.}, "422": {description: No limit.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}
          responses: {"204": {description: None.}, "422": {description: No limit.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: oneItem
          parameters: [{name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 100}}]
          responses: {"204": {description: None.}, "422": {description: No limit.}}
    ```

    Precision: Null as a default is left alone, because many write it for no default. Formats that readers
    disagree on (time, duration, regex) are not checked.

    Source: OpenAPI 3.0, "Schema Object": the default MUST conform to the type.
    """
    for schema in contract.survey.schemas_with("default"):
        default = schema.get("default")
        if default is not None:
            for _, message in contract.checker.errors(schema, default.value, 1):
                yield default.flaw(default.pointer, f"The default does not satisfy its schema: {message}.")
