"""The rule ignored-nullable."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("ignored-nullable", family="contract", severity=Severity.ERROR)
def ignored_nullable(contract: Contract) -> Iterator[Flaw]:
    """`nullable` is said in OpenAPI 3.1, which does not know it.

    Why: JSON Schema ignores it, so null is refused where the author allows it.

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
              content: {application/json: {schema: {type: string, nullable: true}}}
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
              content: {application/json: {schema: {type: [string, "null"]}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.0.3
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: getItem
          responses:
            "200":
              description: The item.
              content:
                application/json: {schema: {type: object, properties: {color: {type: string, nullable: true}}}}
    ```

    Precision: Told once for all places. `nullable: false` says nothing and is left alone.

    Source: OpenAPI Initiative, "Migrating from OpenAPI 3.0 to 3.1.0".
    """
    if contract.family in ("", "3.0"):
        return
    found = [
        schema
        for schema in contract.survey.schemas_with("nullable")
        if schema.flag("nullable") and "null" not in _types(schema.value)
    ]
    if found:
        places = tuple(schema.at for schema in found[1:])
        hint = 'Write `type: [string, "null"]`.'
        yield found[0].flaw("nullable", f"`nullable` has no effect in {contract.family}.", hint, places)


def _types(schema: dict[str, object]) -> list[object]:
    said = schema.get("type")
    return said if isinstance(said, list) else [said]
