"""The rule null-missing-from-enum."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("null-missing-from-enum", family="contract", severity=Severity.ERROR)
def null_missing_from_enum(contract: Contract) -> Iterator[Flaw]:
    """A schema allows null by its type and forbids it by its `enum`.

    Why: All keywords hold at once, so null is refused where the author allows it.

    Bad:
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
              content: {application/json: {schema: {type: [string, "null"], enum: [small, large]}}}
    ```

    Good:
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
              content: {application/json: {schema: {type: [string, "null"], enum: [small, large, null]}}}
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
                  schema: {type: object, properties: {size: {anyOf: [{enum: [s, m]}, {type: "null"}]}}}
    ```

    Precision: In 3.0 `nullable` beside an enum is read both ways, and so left alone.

    Source: JSON Schema 2020-12 Validation, sections 6.1.1 and 6.1.2.
    """
    for schema in contract.survey.schemas_with("enum", "const") if contract.family in ("3.1", "3.2") else ():
        values = schema.raw("enum")
        if "null" in schema.texts("type") and isinstance(values, list) and values and None not in values:
            at = schema.get("enum") or schema
            yield at.flaw(schema.pointer, "The type allows null, and the enum does not.", "Add null to the enum.")
