"""The rule missing-type."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import facets, flattened
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_BOUNDS = ("properties", "items", "maxLength", "minLength", "pattern", "minimum", "maximum", "maxItems", "format")


_COMBINES = ("$ref", "allOf", "anyOf", "oneOf")


@rule("missing-type", family="contract", severity=Severity.WARNING)
def missing_type(contract: Contract) -> Iterator[Flaw]:
    """A schema has bounds and no type.

    Why: `maxLength` alone accepts every number and object, because it judges texts only.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: color, in: query, schema: {maxLength: 20}}
          responses: {"204": {description: None.}, "422": {description: No color.}}
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
            - {name: color, in: query, schema: {type: string, maxLength: 20}}
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
                  schema:
                    type: object
                    properties: {size: {allOf: [{$ref: "#/components/schemas/Size"}, {maxLength: 20}]}}
    components: {schemas: {Size: {type: string}}}
    ```

    Precision: Parts of an allOf, alternatives and conditions may take their type from around them. A schema
    without any bound says nothing on purpose.

    Source: JSON Schema 2020-12 Validation, section 6: assertions apply to their own type only.
    """
    parts = {id(part.value) for schema in contract.survey.schemas_with(*_COMBINES) for part in flattened(schema)[0][1:]}
    for schema in contract.survey.schemas_with(*_BOUNDS):
        if schema.has("type"):
            continue
        said = [key for key in _BOUNDS if schema.has(key)]
        combined = any(schema.has(key) for key in ("allOf", "anyOf", "oneOf", "enum", "const", "$ref", "type", "not"))
        inside = id(schema.value) in parts or (len(schema.tokens) > 1 and schema.tokens[-2] in ("anyOf", "oneOf"))
        partial = schema.name in ("if", "then", "else", "not", "propertyNames", "contains")
        if said and not combined and not inside and not partial and not facets(schema).types:
            yield schema.flaw(schema.pointer, f"The schema says {said[0]} and no type.")
