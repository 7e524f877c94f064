"""The rule cursor-never-answered."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.resources import answered_by
from evaluators.contract.shapes import reachable, shape_of
from evaluators.contract.words import words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _token(name: str) -> bool:
    return words_of(name) == ["page", "token"]


@rule("cursor-never-answered", family="contract", severity=Severity.WARNING)
def cursor_never_answered(contract: Contract) -> Iterator[Flaw]:
    """A list takes a cursor and does not answer one.

    Why: The client has nothing to send for the next page, so it reads the first page only.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: cursor, in: query, schema: {type: string, maxLength: 200}}
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}
          responses:
            "200":
              description: The items.
              content:
                application/json:
                  schema: {type: object, properties: {items: {type: array, maxItems: 100, items: {type: string}}}}
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
          parameters:
            - {name: cursor, in: query, schema: {type: string, maxLength: 200}}
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}
          responses:
            "200":
              description: The items.
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      items: {type: array, maxItems: 100, items: {type: string}}
                      nextCursor: {type: [string, "null"]}
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
            - {name: after, in: query, description: The last item's id., schema: {type: string, maxLength: 200}}
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}
          responses:
            "200":
              description: The items.
              content: {application/json: {schema: {type: array, maxItems: 100, items: {type: string}}}}
            "422": {description: No page.}
    ```

    Precision: Only parameters named cursor or page token are taken for opaque cursors; `after` may be an id that
    the items hold. A Link header, or any property that names a next page or a cursor, counts as the answer.

    Source: Zally 160 and 161 (cursor-based pagination, pagination links); RFC 8288.
    """
    for operation in contract.operations:
        if operation.method != "GET":
            continue
        taken = [p for p in operation.parameters_in("query") if words_of(p.name)[-1:] == ["cursor"] or _token(p.name)]
        schema = answered_by(operation)
        if not taken or schema is None:
            continue
        if any({"link", "x-next-cursor"} & set(response.headers) for response in operation.successes):
            continue
        names = {
            word for each in reachable([schema]) for name, _ in each.items("properties") for word in words_of(name)
        }
        if not names & {"cursor", "next", "token", "links", "after"} and shape_of(schema).properties:
            yield taken[0].node.flaw(
                operation.symbol, f"{operation.symbol} takes {taken[0].name} and answers no next cursor."
            )
