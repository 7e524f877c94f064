"""The rule property-case-mixed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("property-case-mixed", family="contract", severity=Severity.INFO)
def property_case_mixed(contract: Contract) -> Iterator[Flaw]:
    """Properties are written in both snake and camel case.

    Why: Every client needs two conventions, and the next author picks a third.

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
                  schema:
                    type: object
                    properties: {unit_price: {type: integer}, stockCount: {type: integer}}
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
                  schema:
                    type: object
                    properties: {unit_price: {type: integer}, stock_count: {type: integer}}
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
                    properties:
                      total: {type: integer}
                      createdBy: {type: string}
                      ID: {type: integer}
                      _links: {type: object}
    ```

    Precision: Words without a border fit every habit. Fixed names of standards (such as access_token) count all
    the same.

    Source: Zally 118, IBM property-casing-convention.
    """
    first: dict[str, Node] = {}
    seen: set[str] = set()
    for schema in contract.survey.schemas_with("properties"):
        for name, node in schema.items("properties"):
            if name in seen:
                continue
            seen.add(name)
            if re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+", name):
                first.setdefault("snake", node)
            elif re.fullmatch(r"[a-z]+[a-z0-9]*([A-Z][a-z0-9]*)+", name):
                first.setdefault("camel", node)
    if len(first) > 1:
        snake, camel = first["snake"], first["camel"]
        yield camel.flaw("properties", f"Properties are written both as {snake.name} and as {camel.name}.")
