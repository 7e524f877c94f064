"""The rule conflicting-all-of."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.contract.shapes import Facets, facets, flattened
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _exclude(one: Facets, other: Facets) -> bool:
    """Whether no value but null satisfies both."""
    kinds = [{"number" if kind == "integer" else kind for kind in said.types} for said in (one, other)]
    if kinds[0] and kinds[1] and not kinds[0] & kinds[1]:
        return True
    return bool(one.enum and other.enum) and not any(value in (other.enum or ()) for value in one.enum or ())


@rule("conflicting-all-of", family="contract", severity=Severity.WARNING)
def conflicting_all_of(contract: Contract) -> Iterator[Flaw]:
    """The parts of an allOf say of one property what cannot hold together.

    Why: Whoever sends the property is always refused, by one part or by the other: the property can never be
    there.

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
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
    components:
      schemas:
        Thing: {type: object, properties: {size: {type: integer}}}
        Item:
          allOf:
            - $ref: "#/components/schemas/Thing"
            - {type: object, properties: {size: {type: string}}}
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
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
    components:
      schemas:
        Thing: {type: object, properties: {size: {type: integer}}}
        Item:
          allOf:
            - $ref: "#/components/schemas/Thing"
            - {type: object, properties: {color: {type: string}}}
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
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
    components:
      schemas:
        Thing: {type: object, properties: {kind: {type: string}, weight: {type: number}}}
        Item:
          allOf:
            - $ref: "#/components/schemas/Thing"
            - {type: object, properties: {kind: {type: string, enum: [lamp]}, weight: {type: integer}}}
    ```

    Precision: Types, lists of values and closed parts are compared; bounds and patterns that exclude each other
    are left to impossible-schema, which speaks where the whole can never hold.

    Source: JSON Schema 2020-12, "allOf": every part must hold; "additionalProperties" sees only its own part.
    """
    for schema in contract.survey.schemas_with("allOf"):
        parts = flattened(schema)[0]
        needed = {name for part in parts for name in part.texts("required")}
        first: dict[str, Node] = {}
        for part in parts:
            for name, node in part.items("properties"):
                other = first.setdefault(name, node)
                if other != node and name not in needed and _exclude(facets(other), facets(node)):
                    yield node.flaw(
                        f"{schema.pointer} {name}",
                        f"Two parts of the allOf exclude each other on {name}.",
                        "Say it in one part.",
                        (other.at,),
                    )
        for part in parts if len(parts) > 2 else ():
            if part.raw("additionalProperties") is False and not part.has("patternProperties") and part != schema:
                lost = [name for name in first if part.down("properties", name) is None and name not in needed]
                if lost:
                    yield part.flaw(
                        f"{schema.pointer} closed",
                        f"A closed part of the allOf refuses {lost[0]}, which another part describes.",
                        "Close the whole with `unevaluatedProperties: false`.",
                    )
