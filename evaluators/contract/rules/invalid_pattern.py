"""The rule invalid-pattern."""

from __future__ import annotations

from collections.abc import Iterator

import jsonschema_rs

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("invalid-pattern", family="contract", severity=Severity.ERROR)
def invalid_pattern(contract: Contract) -> Iterator[Flaw]:
    """A `pattern` is no regular expression.

    Why: The service fails when it is built, or the bound is silently dropped.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.0.3
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: color, in: query, schema: {type: string, maxLength: 9, pattern: "^[a-z+$"}}
          responses: {"204": {description: None.}, "422": {description: No color.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.0.3
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: color, in: query, schema: {type: string, maxLength: 9, pattern: "^[a-z]+$"}}
          responses: {"204": {description: None.}, "422": {description: No color.}}
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
                  schema: {type: object, properties: {code: {type: string, pattern: "^(?=.*[a-z])[a-z0-9]{3,9}$"}}}
    ```

    Precision: Patterns are read as ECMA-262; what an engine of another language takes is not asked.

    Source: JSON Schema 2020-12 Validation, section 6.3.3: a valid regular expression of ECMA-262.
    """
    for schema in contract.survey.schemas_with("pattern", "patternProperties"):
        pattern = schema.text("pattern")
        if not pattern:
            continue
        try:
            jsonschema_rs.validator_for({"pattern": pattern}, offline=True)
        except ValueError:
            at = schema.get("pattern") or schema
            yield at.flaw(schema.pointer, f"The pattern {pattern[:80]} is no regular expression.")
