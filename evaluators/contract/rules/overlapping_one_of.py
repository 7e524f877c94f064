"""The rule overlapping-one-of."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.contract.shapes import facets, flattened, shape_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _overlap(one: Node, other: Node) -> bool:
    """Whether it is plain that a value satisfies both."""
    if one.followed().value == other.followed().value and isinstance(one.value, dict):
        return True
    first, second = facets(one), facets(other)
    bounds = [part.has(key) for each in (one, other) for part in flattened(each)[0] for key in _BOUNDS]
    if first.types | second.types == {"integer", "number"} and first.types != second.types and not any(bounds):
        return True
    shapes = (shape_of(one), shape_of(other))
    return all(shape.properties and not shape.required for shape in shapes) and not any(bounds)


_BOUNDS = (
    *("additionalProperties", "unevaluatedProperties", "enum", "const", "minProperties", "oneOf", "anyOf", "not"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format"),
)


@rule("overlapping-one-of", family="contract", severity=Severity.WARNING)
def overlapping_one_of(contract: Contract) -> Iterator[Flaw]:
    """A value fits two alternatives of a oneOf, which allows one.

    Why: What is plainly valid is refused, because more than one alternative takes it.

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
              content:
                application/json:
                  schema: {type: object, properties: {size: {oneOf: [{type: integer}, {type: number}]}}}
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
              content: {application/json: {schema: {type: object, properties: {size: {type: number}}}}}
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
                  schema: {type: object, properties: {size: {oneOf: [{type: integer}, {type: string}]}}}
    ```

    Precision: Told are equal alternatives, whole numbers beside numbers, and two open objects of which neither
    requires anything, without a discriminator. Overlaps by bounds and patterns are not seen.

    Source: JSON Schema 2020-12, "oneOf": exactly one must hold.
    """
    for schema in contract.survey.schemas_with("oneOf"):
        choices = list(schema.elements("oneOf"))
        for index, choice in enumerate(choices):
            other = next((each for each in choices[:index] if _overlap(each, choice)), None)
            if other is not None and not schema.has("discriminator"):
                yield choice.flaw(schema.pointer, "A value fits two alternatives of this oneOf.", "Write anyOf.")
                break
