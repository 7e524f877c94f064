"""The rule enum-value-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("enum-value-mismatch", family="contract", severity=Severity.ERROR)
def enum_value_mismatch(contract: Contract) -> Iterator[Flaw]:
    """A value of an `enum` does not satisfy the rest of its schema.

    Why: It can never be sent, although it is offered.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: size, in: query, schema: {type: string, enum: [small, 42]}}
          responses: {"204": {description: None.}, "422": {description: No size.}}
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
            - {name: size, in: query, schema: {type: string, enum: [small, "42"]}}
          responses: {"204": {description: None.}, "422": {description: No size.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: getItem
          responses:
            "200":
              description: The item.
              content:
                application/json:
                  schema: {type: object, properties: {size: {type: [string, "null"], enum: [s, m, null]}}}
    ```

    Precision: Every value is checked against its whole schema; null beside `nullable` in 3.0 is what many write
    and left alone.

    Source: Spectral typed-enum, Redocly no-enum-type-mismatch.
    """
    for schema in contract.survey.schemas_with("enum"):
        for value in schema.elements("enum"):
            for _, message in contract.checker.errors(schema, value.value, 1):
                nullable = value.value is None and schema.flag("nullable")
                if not nullable:
                    yield value.flaw(value.pointer, f"A value of the enum can never be sent: {message}.")
