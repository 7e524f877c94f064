"""The rule shapeless-body."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_SILENT = frozenset(("type", "title", "nullable", "example", "examples"))


@rule("shapeless-body", family="contract", severity=Severity.INFO)
def shapeless_body(contract: Contract) -> Iterator[Flaw]:
    """A body is described by nothing.

    Why: Any JSON is valid, so no client knows what to send or to expect, and no test can tell right from wrong.

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
              content: {application/json: {schema: {type: object}}}
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
              content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}
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
              content: {application/json: {schema: {type: object, additionalProperties: {type: integer}}}}
    ```

    Precision: Bodies of requests and successes are meant. A description that says that it is free, webhooks and
    metadata are a decision and left alone where the schema says additionalProperties.

    Source: OpenAPI 3.1, "Schema Object". Zally 110 (always return JSON objects).
    """
    told: set[Node] = set()
    for operation in contract.operations:
        bodies = [operation.body.media] if operation.body else []
        for media in (*bodies, *(response.media for response in operation.successes)):
            for each in media:
                schema = each.schema.followed() if each.schema is not None and each.is_json else None
                if schema is None or schema in told or not isinstance(schema.value, dict):
                    continue
                keys = {key for key in schema.value if not key.startswith("x-")}
                if keys <= _SILENT and schema.raw("type") in (None, "object"):
                    told.add(schema)
                    yield each.node.flaw(
                        f"{operation.symbol} {each.type}", f"A body of {operation.symbol} is described by nothing."
                    )
