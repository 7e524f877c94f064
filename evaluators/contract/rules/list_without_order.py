"""The rule list-without-order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.resources import answered_by, element_of
from evaluators.contract.shapes import shape_of
from evaluators.contract.words import words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_ORDER = re.compile(r"\bsort|\border(ed|ing)? by|newest|oldest|latest|descending|ascending|alphabetical", re.IGNORECASE)


@rule("list-without-order", family="contract", severity=Severity.INFO, strict=True)
def list_without_order(contract: Contract) -> Iterator[Flaw]:
    """A list that pages does not say in which order.

    Why: Without a total order, rows are doubled and lost between two pages.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters: [{name: offset, in: query, schema: {type: integer, minimum: 0, maximum: 9999, default: 0}}]
          responses:
            "200":
              description: A page.
              content:
                application/json:
                  schema:
                    type: array
                    maxItems: 50
                    items: {type: object, properties: {createdAt: {type: string, format: date-time}}}
            "422": {description: No page.}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          description: The newest first.
          parameters: [{name: offset, in: query, schema: {type: integer, minimum: 0, maximum: 9999, default: 0}}]
          responses:
            "200":
              description: A page.
              content:
                application/json:
                  schema:
                    type: array
                    maxItems: 50
                    items: {type: object, properties: {createdAt: {type: string, format: date-time}}}
            "422": {description: No page.}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: offset, in: query, schema: {type: integer, minimum: 0, maximum: 9999, default: 0}}
            - {name: sort, in: query, schema: {type: string, enum: [name, createdAt]}}
          responses:
            "200":
              description: A page.
              content:
                application/json:
                  schema:
                    type: array
                    maxItems: 50
                    items: {type: object, properties: {createdAt: {type: string, format: date-time}}}
            "422": {description: No page.}
    ```

    Precision: Most contracts leave it out, and so it is in the preset strict only. A parameter for the order or a
    word on it anywhere in the operation counts.

    Source: Zally 137 and 159; Use The Index, Luke, "Paging Through Results".
    """
    for operation in contract.operations:
        names = {word for p in operation.parameters_in("query") for word in words_of(p.name)}
        if operation.method != "GET" or not names & {"offset", "page", "skip"}:
            continue
        item = element_of(answered_by(operation))
        if item is None or not shape_of(item).properties:
            continue
        if not names & {"sort", "order", "ordering"} and not _ORDER.search(str(operation.node.value)):
            yield operation.node.flaw(operation.symbol, f"{operation.symbol} pages and does not say in which order.")
