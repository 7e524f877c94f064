"""The rule required-property-undefined."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.contract.shapes import flattened, shape_of, speaks_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("required-property-undefined", family="contract", severity=Severity.ERROR)
def required_property_undefined(contract: Contract) -> Iterator[Flaw]:
    """A schema requires a property that it does not describe.

    Why: It is a misspelt name, or a property that nobody described; clients must send it and
    do not know what it is.

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
                  schema: {type: object, required: [nmae], properties: {name: {type: string}}}
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
                  schema: {type: object, required: [name], properties: {name: {type: string}}}
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
                    required: [kind]
                    properties: {a: {type: string}}
                    oneOf: [{properties: {kind: {const: a}}}]
    ```

    Precision: Properties of alternatives and conditions count, and patternProperties may describe anything.
    Schemas without any property are left alone.

    Source: Redocly no-required-schema-properties-undefined.
    """
    told: set[str] = set()
    for schema in {id(node.value): node for node in (*contract.request_values, *contract.response_values)}.values():
        if not speaks_of(schema, "required"):
            continue
        parts, _ = flattened(schema)
        if not any(part.has("required") for part in parts):
            continue
        names = {found.name for found in shape_of(schema).properties}
        for part in parts:
            names |= {name for key in ("anyOf", "oneOf") for each in part.elements(key) for name in _names(each)}
            names |= {name for key in ("then", "else") if (each := part.get(key)) for name in _names(each)}
        if not names or any(part.has("patternProperties") for part in parts):
            continue
        for part in parts:
            for index, name in enumerate(part.texts("required")):
                if name not in names and f"{part.pointer} {name}" not in told:
                    told.add(f"{part.pointer} {name}")
                    near = get_close_matches(name, sorted(names), 1, 0.6)
                    at = part.down("required", str(index)) or part
                    hint = f"Did you mean {near[0]}?" if near else ""
                    yield at.flaw(f"{part.pointer} {name}", f"{name} is required and not described.", hint)


def _names(node: Node) -> list[str]:
    return [found.name for found in shape_of(node).properties]
