"""The rule example-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _examples(contract: Contract) -> Iterator[tuple[Node, Node]]:
    """Each example's value with the schema that it belongs to."""
    for schema in contract.survey.schemas_with("example", "examples"):
        example = schema.get("example")
        if example is not None:
            yield example, schema
        yield from ((value, schema) for value in schema.elements("examples"))
    for node in dict.fromkeys(contract.survey.plain("example", "examples")):
        found = node.get("schema")
        if found is None:
            continue
        example = node.get("example")
        if example is not None:
            yield example, found
        for _, written in node.items("examples"):
            value = written.followed().get("value")
            if value is not None:
                yield value, found


@rule("example-mismatch", family="contract", severity=Severity.ERROR)
def example_mismatch(contract: Contract) -> Iterator[Flaw]:
    """An example does not satisfy its schema.

    Why: Either the example or the schema is wrong, and people copy the example.

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
                  schema: {$ref: "#/components/schemas/Item"}
                  example: {name: 7}
    components:
      schemas:
        Item:
          type: object
          properties: {name: {type: string}}
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
                  schema: {$ref: "#/components/schemas/Item"}
                  example: {name: Lamp}
    components:
      schemas:
        Item:
          type: object
          properties: {name: {type: string}}
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
                    required: [id, secret]
                    properties: {id: {type: integer}, secret: {type: string, writeOnly: true}}
                    example: {id: 7}
    ```

    Precision: A property that goes one way may be missing. References inside an example and external values are
    not followed; formats that readers disagree on are not checked.

    Source: OpenAPI 3.1, "Media Type Object": the example SHOULD match the schema. Spectral oas3-valid-media-example.
    """
    told: set[tuple[str, str]] = set()
    for value, schema in sorted(_examples(contract), key=lambda pair: pair[0].tokens):
        for path, message in contract.checker.errors(schema, value.value):
            at = value.down(*path) or value
            if (at.pointer, message) not in told:
                told.add((at.pointer, message))
                yield at.flaw(at.pointer, f"The example does not satisfy its schema: {message}.")
