"""The rule repeated-enum-value."""

from __future__ import annotations

import json
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("repeated-enum-value", family="contract", severity=Severity.WARNING)
def repeated_enum_value(contract: Contract) -> Iterator[Flaw]:
    """An `enum` holds a value twice.

    Why: Generated code fails to compile, and one of the two was meant to be something else.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: size, in: query, schema: {type: string, enum: [small, large, small]}}
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
            - {name: size, in: query, schema: {type: string, enum: [small, large]}}
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
                  schema: {type: object, properties: {size: {type: [string, integer], enum: [1, "1"]}}}
    ```

    Precision: Values are compared as JSON: 1 and "1" differ, and so do letters by case.

    Source: JSON Schema 2020-12, "enum": elements SHOULD be unique. Spectral duplicated-entry-in-enum.
    """
    for schema in contract.survey.schemas_with("enum"):
        seen: set[str] = set()
        for value in schema.elements("enum"):
            text = json.dumps(value.value, sort_keys=True)
            if text in seen:
                yield value.flaw(f"{schema.pointer} {text}", f"The enum holds {text[:60]} twice.")
            seen.add(text)
