"""The rule array-without-items."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import flattened
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_SAID = ("items", "prefixItems", "contains", "enum", "const", "oneOf", "anyOf")


@rule("array-without-items", family="contract", severity=Severity.WARNING)
def array_without_items(contract: Contract) -> Iterator[Flaw]:
    """A list does not say what is in it.

    Why: Its elements may be anything: no client has a type for them, and no server refuses one.

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
              content: {application/json: {schema: {type: object, properties: {tags: {type: array, maxItems: 9}}}}}
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
                  schema: {type: object, properties: {tags: {type: array, maxItems: 9, items: {type: string}}}}
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
                    properties: {point: {type: array, maxItems: 2, prefixItems: [{type: number}, {type: number}]}}
    ```

    Precision: Lists whose elements are said elsewhere (prefixItems, contains, an allOf or a reference around it)
    are fine. OpenAPI 3.0 demands items; there it is told as well.

    Source: OpenAPI 3.0, "Schema Object": items MUST be present if the type is array. Spectral array-items.
    """
    for schema in contract.survey.schemas_with("type"):
        kind = schema.value["type"]
        listed = kind == "array" or (isinstance(kind, list) and "array" in kind)
        if listed and not any(part.has(key) for part in flattened(schema)[0] for key in _SAID):
            inside = schema.tokens[-2:-1] == ("allOf",) or schema.name in ("if", "not", "then", "else")
            if not inside:
                yield schema.flaw(schema.pointer, "The list does not say what its items are.", "Describe the items.")
