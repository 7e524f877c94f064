"""The rule missing-type."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import facets, flattened
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_BOUNDS = ("properties", "items", "maxLength", "minLength", "pattern", "minimum", "maximum", "maxItems", "format")
_COMBINES = ("$ref", "allOf", "anyOf", "oneOf")
_OTHERWISE = frozenset(("allOf", "anyOf", "oneOf", "enum", "const", "$ref", "type", "not"))


def _untyped(keys: tuple[str, ...]) -> bool:
    """Whether a schema of such keys bounds a value and says in no way of what type it is."""
    return _OTHERWISE.isdisjoint(keys) and any(key in keys for key in _BOUNDS)


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
    untyped = contract.survey.schemas_of(_untyped)
    combining = contract.survey.schemas_with(*_COMBINES) if untyped else ()
    parts = {id(part.value) for schema in combining for part in flattened(schema)[0][1:]}
    for schema in untyped:
        said = [key for key in _BOUNDS if schema.has(key)]
        inside = id(schema.value) in parts or (len(schema.tokens) > 1 and schema.tokens[-2] in ("anyOf", "oneOf"))
        partial = schema.name in ("if", "then", "else", "not", "propertyNames", "contains")
        if not inside and not partial and not facets(schema).types:
            yield schema.flaw(schema.pointer, f"The schema says {said[0]} and no type.")
