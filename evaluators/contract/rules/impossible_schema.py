"""The rule impossible-schema."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.contract.shapes import reachable, shape_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_PAIRS = (
    ("minLength", "maxLength"),
    ("minimum", "maximum"),
    ("exclusiveMinimum", "maximum"),
    ("minimum", "exclusiveMaximum"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
    ("const", "type"),
)


def _combines(keys: tuple[str, ...]) -> bool:
    """Whether a schema of such keys says more than one thing, which may exclude each other."""
    if "enum" in keys:
        return False
    several = "allOf" in keys or ("$ref" in keys and "type" in keys)
    return several or any(low in keys and high in keys for low, high in _PAIRS)


def _suspect(schema: Node) -> bool:
    """Whether the schema could contradict itself; an enum's values are judged one by one elsewhere."""
    if schema.has("enum"):
        return False
    if schema.has("allOf") or (schema.reference is not None and schema.has("type")):
        shape = shape_of(schema)
        described = {found.name for found in shape.properties}
        return not shape.properties or shape.required <= described
    return any(schema.has(low) and schema.has(high) and not _plain(schema, low, high) for low, high in _PAIRS)


def _plain(schema: Node, low: str, high: str) -> bool:
    """Whether two inclusive bounds plainly leave room."""
    least, most = schema.number(low), schema.number(high)
    inclusive = low.startswith("min") and high.startswith("max") and not schema.has("multipleOf")
    exclusive = schema.has("exclusiveMinimum") or schema.has("exclusiveMaximum")
    return inclusive and not exclusive and least is not None and most is not None and least <= most


@rule("impossible-schema", family="contract", severity=Severity.ERROR)
def impossible_schema(contract: Contract) -> Iterator[Flaw]:
    """No value can satisfy a schema.

    Why: Whatever is sent or answered breaks the contract: bounds that cross, an `allOf` whose
    parts exclude each other, closed objects combined.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: color, in: query, schema: {type: string, minLength: 30, maxLength: 20}}
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
            - {name: color, in: query, schema: {type: string, minLength: 3, maxLength: 20}}
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
                  schema: {type: object, properties: {size: {type: integer, minimum: 5, maximum: 5}}}
    ```

    Precision: Only what is certain is told: patterns, formats and conditions are not solved. Of nested ones the
    innermost is told.

    Source: JSON Schema 2020-12, "allOf" and "additionalProperties": `additionalProperties` sees only its own schema.
    """
    found = contract.survey.schemas_of(_combines)
    bad = [each for each in found if _suspect(each) and contract.checker.unsatisfiable(each)]
    for schema in bad:
        if not any(inner in bad for inner in reachable([schema])[1:] if inner != schema):
            hint = "Close the combined schema with `unevaluatedProperties: false`." if schema.has("allOf") else ""
            yield schema.flaw(schema.pointer, "No value can satisfy this schema.", hint)
