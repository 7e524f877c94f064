"""The rule uncertain-identifier."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import shape_of, speaks_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("uncertain-identifier", family="contract", severity=Severity.WARNING)
def uncertain_identifier(contract: Contract) -> Iterator[Flaw]:
    """The id of an answered resource may be missing or null.

    Why: Everything that comes after needs the id: generated clients must check for null what is always there.

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
                  schema: {type: object, required: [id], properties: {id: {type: [string, "null"], format: uuid}}}
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
                  schema: {type: object, required: [id], properties: {id: {type: string, format: uuid}}}
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
                    properties: {id: {type: string, format: uuid}, parentId: {type: [string, "null"], format: uuid}}
    ```

    Precision: A schema that requires nothing at all is a habit and not judged, nor is one that requests use too.
    Ids of other resources may be null.

    Source: Zally 110 and 174 (common fields). JSON Schema: required.
    """
    shared = {id(node.value) for node in contract.request_values}
    for schema in contract.response_values:
        described = speaks_of(schema, "properties") and id(schema.value) not in shared
        shape = shape_of(schema) if described else None
        found = shape.property("id") if shape else None
        if shape is None or found is None:
            continue
        if found.facets.nullable or (shape.required and not found.required):
            how = "may be null" if found.facets.nullable else "is not required, as other properties are"
            yield found.node.flaw(f"{schema.pointer} id", f"The id of an answered resource {how}.")
