"""The rule paging-mixed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract, Operation
from evaluators.contract.words import words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_STYLES = {
    "cursor": frozenset(("cursor", "after", "before", "starting")),
    "offset": frozenset(("offset", "skip")),
    "page": frozenset(("page",)),
}


@rule("paging-mixed", family="contract", severity=Severity.INFO)
def paging_mixed(contract: Contract) -> Iterator[Flaw]:
    """One list pages in another way than the others.

    Why: A client needs one way to page, not one for each list.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /list0:
        get:
          operationId: list0
          parameters:
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}
            - {name: offset, in: query, schema: {type: integer, minimum: 0, maximum: 10000, default: 0}}
          responses:
            "200":
              description: A list.
              content: {application/json: {schema: {type: array, maxItems: 100, items: {type: string}}}}
            "422": {description: No page.}
      /list1:
        get:
          operationId: list1
          parameters:
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}
            - {name: offset, in: query, schema: {type: integer, minimum: 0, maximum: 10000, default: 0}}
          responses:
            "200":
              description: A list.
              content: {application/json: {schema: {type: array, maxItems: 100, items: {type: string}}}}
            "422": {description: No page.}
      /list2:
        get:
          operationId: list2
          parameters:
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}
            - {name: offset, in: query, schema: {type: integer, minimum: 0, maximum: 10000, default: 0}}
          responses:
            "200":
              description: A list.
              content: {application/json: {schema: {type: array, maxItems: 100, items: {type: string}}}}
            "422": {description: No page.}
      /list3:
        get:
          operationId: list3
          parameters: [{name: page, in: query, schema: {type: integer, minimum: 1, maximum: 10000, default: 1}}]
          responses:
            "200":
              description: A list.
              content: {application/json: {schema: {type: array, maxItems: 100, items: {type: string}}}}
            "422": {description: No page.}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /list0:
        get:
          operationId: list0
          parameters:
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}
            - {name: offset, in: query, schema: {type: integer, minimum: 0, maximum: 10000, default: 0}}
          responses:
            "200":
              description: A list.
              content: {application/json: {schema: {type: array, maxItems: 100, items: {type: string}}}}
            "422": {description: No page.}
      /list1:
        get:
          operationId: list1
          parameters:
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}
            - {name: offset, in: query, schema: {type: integer, minimum: 0, maximum: 10000, default: 0}}
          responses:
            "200":
              description: A list.
              content: {application/json: {schema: {type: array, maxItems: 100, items: {type: string}}}}
            "422": {description: No page.}
      /list2:
        get:
          operationId: list2
          parameters:
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}
            - {name: offset, in: query, schema: {type: integer, minimum: 0, maximum: 10000, default: 0}}
          responses:
            "200":
              description: A list.
              content: {application/json: {schema: {type: array, maxItems: 100, items: {type: string}}}}
            "422": {description: No page.}
      /list3:
        get:
          operationId: list3
          parameters:
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}
            - {name: offset, in: query, schema: {type: integer, minimum: 0, maximum: 10000, default: 0}}
          responses:
            "200":
              description: A list.
              content: {application/json: {schema: {type: array, maxItems: 100, items: {type: string}}}}
            "422": {description: No page.}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /list0:
        get:
          operationId: list0
          parameters:
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}
            - {name: offset, in: query, schema: {type: integer, minimum: 0, maximum: 10000, default: 0}}
          responses:
            "200":
              description: A list.
              content: {application/json: {schema: {type: array, maxItems: 100, items: {type: string}}}}
            "422": {description: No page.}
      /list1:
        get:
          operationId: list1
          parameters:
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}
            - {name: after, in: query, schema: {type: string, maxLength: 80}}
          responses:
            "200":
              description: A list.
              content: {application/json: {schema: {type: array, maxItems: 100, items: {type: string}}}}
            "422": {description: No page.}
    ```

    Precision: Three lists must agree before one that does not is told; contracts that use two ways by halves are
    taken for a decision.

    Source: Zally 159 and 160. Consistency.
    """
    styles: dict[str, list[Operation]] = {}
    for operation in contract.operations:
        names = {p.name: p for p in operation.parameters_in("query")} if operation.method == "GET" else {}
        style = next((style for style, words in _STYLES.items() for name in names if set(words_of(name)) & words), None)
        if style and not operation.path.endswith("}"):
            styles.setdefault(style, []).append(operation)
    usual = max(styles, key=lambda style: len(styles[style]), default="")
    for style, found in styles.items():
        if style != usual and len(found) * 3 <= len(styles[usual]):
            for operation in found:
                yield operation.node.flaw(
                    operation.symbol,
                    f"{operation.symbol} pages by {style}, and {len(styles[usual])} others by {usual}.",
                )
