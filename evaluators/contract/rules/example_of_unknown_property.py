"""The rule example-of-unknown-property."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.contract.shapes import flattened
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _own(schema: Node) -> list[Node]:
    """The examples in a schema."""
    single = schema.get("example")
    return [*([single] if single is not None else []), *schema.elements("examples")]


def _given(node: Node) -> list[Node]:
    """The examples of a parameter or a body."""
    single = node.get("example")
    named = [written.followed().get("value") for _, written in node.items("examples")]
    return [value for value in (single, *named) if value is not None]


_OPEN = ("additionalProperties", "unevaluatedProperties", "patternProperties", "oneOf", "anyOf", "if", "not")


def _unknown(value: Node, schema: Node, depth: int) -> Iterator[Node]:
    """The entries of an example that its schema does not describe."""
    parts = flattened(schema)[0]
    if depth > 20:
        return
    if isinstance(value.value, list):
        items = next((part.get("items") for part in parts if part.has("items")), None)
        if items is not None:
            for each in value.elements():
                yield from _unknown(each, items, depth + 1)
    known = {name: node for part in parts for name, node in part.items("properties")}
    if not known or any(part.has(key) for part in parts for key in _OPEN):
        return
    for name, each in value.items():
        if name in known:
            yield from _unknown(each, known[name], depth + 1)
        else:
            yield each


@rule("example-of-unknown-property", family="contract", severity=Severity.WARNING)
def example_of_unknown_property(contract: Contract) -> Iterator[Flaw]:
    """An example holds a property that its schema does not describe.

    Why: Its name is misspelt in the example or in the schema: people copy the example, and the service drops the
    value.

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
                  schema: {type: object, properties: {postalCode: {type: string}}, example: {postcode: "8001"}}
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
              content:
                application/json:
                  schema: {type: object, properties: {postalCode: {type: string}}, example: {postalCode: "8001"}}
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
                    properties: {color: {type: string}}
                    additionalProperties: {type: string}
                    example: {hue: "red"}
    ```

    Precision: A schema that describes no property, has alternatives, or says that it takes further properties is
    left alone. Closed ones are told by example-mismatch.

    Source: OpenAPI 3.1, "Media Type Object": the example SHOULD match the schema.
    """
    told: set[Node] = set()
    pairs = [(value, node) for node in contract.survey.schemas_with("example", "examples") for value in _own(node)]
    for node in contract.survey.plain("example", "examples"):
        schema = node.get("schema")
        pairs += [(value, schema) for value in _given(node)] if schema is not None else []
    for value, schema in pairs:
        for place in _unknown(value, schema, 0):
            if place not in told:
                told.add(place)
                yield place.flaw(place.pointer, f"The example holds {place.name}, which its schema does not describe.")
