"""The rule sort-by-unknown-column."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.node import Node
from evaluators.contract.shapes import facets
from evaluators.cross.facts import Facts
from evaluators.cross.names import folded
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_SORTS = frozenset(("sort", "sortby", "order", "orderby", "ordering", "sortfield", "sortkey", "orderfield"))
_FREE = re.compile(
    r"relevan|newest|oldest|recent|latest|popular|rank|score|best|random|distance|trend|^-?\+?(asc|desc)", re.I
)


@rule("sort-by-unknown-column", family="cross", severity=Severity.WARNING)
def sort_by_unknown_column(facts: Facts) -> Iterator[Flaw]:
    """A list can be sorted by a name that is neither a column nor a property of what is listed.

    Why: A handler that puts the name into ORDER BY fails at run time, and one that ignores it answers in another
    order.

    Bad:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label text not null,
      constraint items_label_length check (char_length(label) between 1 and 80)
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: sort, in: query, schema: {type: string, enum: [id, price]}}
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 20}}
          responses:
            "200":
              description: All.
              content:
                application/json:
                  schema: {type: array, maxItems: 100, items: {$ref: "#/components/schemas/Item"}}
            "422": {description: No order.}
    components:
      schemas:
        Item:
          x-table: items
          type: object
          required: [id, label]
          properties:
            id: {type: integer, format: int64, minimum: 1}
            label: {type: string, minLength: 1, maxLength: 80}
    ```

    Good:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label text not null,
      constraint items_label_length check (char_length(label) between 1 and 80)
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: sort, in: query, schema: {type: string, enum: [id, label]}}
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 20}}
          responses:
            "200":
              description: All.
              content:
                application/json:
                  schema: {type: array, maxItems: 100, items: {$ref: "#/components/schemas/Item"}}
            "422": {description: No order.}
    components:
      schemas:
        Item:
          x-table: items
          type: object
          required: [id, label]
          properties:
            id: {type: integer, format: int64, minimum: 1}
            label: {type: string, minLength: 1, maxLength: 80}
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label text not null,
      constraint items_label_length check (char_length(label) between 1 and 80)
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: sort, in: query, schema: {type: string, enum: [-id, "label:desc", label_asc, relevance]}}
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 20}}
          responses:
            "200":
              description: All.
              content:
                application/json:
                  schema: {type: array, maxItems: 100, items: {$ref: "#/components/schemas/Item"}}
            "422": {description: No order.}
    components:
      schemas:
        Item:
          x-table: items
          type: object
          required: [id, label]
          properties:
            id: {type: integer, format: int64, minimum: 1}
            label: {type: string, minLength: 1, maxLength: 80}
    ```

    Precision: Directions (a sign, :asc, _desc) are taken off, and words such as relevance, newest or popularity
    mean no column.

    Source: Zalando RESTful API guidelines, rule 137 (sort).
    """
    for operation in facts.contract.operations:
        table = facts.matching.listed(operation) if operation.method == "GET" else None
        if table is None:
            continue
        known = {folded(column.name) for column in table.columns} | {
            folded(name) for name in facts.answer_names(operation)
        }
        for parameter in operation.parameters_in("query"):
            if folded(parameter.name) not in _SORTS or parameter.schema is None:
                continue
            unknown = sorted(
                value for value in _values(parameter.schema) if value and folded(_bare(value)) not in known
            )
            wrong = [value for value in unknown if not _FREE.search(value)]
            if wrong and len(wrong) < len(_values(parameter.schema)):
                message = f"{operation.symbol} sorts by {', '.join(wrong)}, and {table.key} has no such column."
                yield parameter.node.flaw(f"{operation.symbol} {parameter.name}", message, places=(table.at,))


def _values(node: Node) -> list[str]:
    """The names that a sort parameter (or the items of one) allows."""
    items = node.followed().get("items")
    said = facets(items if items is not None else node).enum
    return [value for value in said or () if isinstance(value, str)]


def _bare(value: str) -> str:
    """A sort value without its direction."""
    return re.sub(r"(?i)^[-+]|[:_. ,-](asc|desc|ascending|descending)$", "", value)
