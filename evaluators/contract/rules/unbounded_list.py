"""The rule unbounded-list."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract, Operation
from evaluators.contract.node import Node
from evaluators.contract.shapes import Facets, facets, shape_of
from evaluators.contract.words import words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_PAGING = frozenset(("limit", "page", "size", "cursor", "top", "first", "offset", "count", "after"))


def _lists(schema: Node) -> Iterator[Facets]:
    """The lists at the top of a value, or one property below."""
    said = facets(schema)
    if "array" in said.types:
        yield said
    yield from (found.facets for found in shape_of(schema).properties if "array" in found.facets.types)


def _paged(operation: Operation) -> bool:
    names = {word for p in operation.parameters_in("query") for word in words_of(p.name)}
    return bool(names & _PAGING)


_ENVELOPES = frozenset(("items", "data", "results", "records", "rows", "entries", "content", "values", "elements"))
LEAST = 5
SHARE = 0.85
"""A habit: at least this share of more than so many lists is paged."""


@rule("unbounded-list", family="contract", severity=Severity.WARNING, security=True)
def unbounded_list(contract: Contract) -> Iterator[Flaw]:
    """A list is answered without any bound.

    Why: It grows with the data until it takes the service's memory.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "200":
              description: The items.
              content: {application/json: {schema: {type: array, items: {type: string}}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters: [{name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}]
          responses:
            "200":
              description: The items.
              content: {application/json: {schema: {type: array, items: {type: string}}}}
            "422": {description: No limit.}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "200":
              description: The items.
              content: {application/json: {schema: {type: array, maxItems: 100, items: {type: string}}}}
    ```

    Precision: Any parameter that pages, or maxItems, is a bound. Lists below the first property are not looked
    at.

    Source: OWASP API4:2023, Unrestricted Resource Consumption. Zally 159.
    """
    lists = [each for each in contract.operations if each.method == "GET" and not each.path.endswith("}")]
    # `/cart` has items and is one thing; `/carts` are many.
    lists = [each for each in lists if each.path.rstrip("/").endswith("s") and _answers_list(each)]
    paged = [each for each in lists if _paged(each)]
    habit = len(lists) > LEAST and len(paged) >= SHARE * len(lists)
    for operation in contract.operations:
        if operation.method != "GET" or _paged(operation) or operation.path.endswith("}"):
            continue
        for response in operation.successes:
            schemas = [media.schema for media in response.media if media.is_json and media.schema is not None]
            found = [said for schema in schemas for said in _lists(schema)]
            if any(said.max_items is None for said in found) or (habit and operation in lists):
                what = "without limit or maxItems" if not habit else "without paging, unlike the others"
                message = f"{operation.symbol} answers a list {what}."
                yield response.written.flaw(operation.symbol, message, "Page it, or bound it by maxItems.")
                break


def _answers_list(operation: Operation) -> bool:
    """Whether an operation answers a list, straight or in an envelope; a list beside other things is none."""
    media = [each for response in operation.successes for each in response.media if each.is_json]
    return any(_is_list(each.schema) for each in media if each.schema is not None)


def _is_list(schema: Node) -> bool:
    """Whether a schema is an array, or an object around the array that it is about."""
    top = schema.followed()
    inner = [child.followed() for name, child in top.items("properties") if name.lower() in _ENVELOPES]
    return any("array" in facets(each).types for each in (top, *inner))
