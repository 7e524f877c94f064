"""The rule table-without-operation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_INSIDE = re.compile(
    r"log|audit|history|event|outbox|inbox|queue|job|session|token|key|migration|version|schema|cache|lock|setting"
    r"|currenc|countr|sequence|permission|role|rate|idempot",
    re.IGNORECASE,
)


@rule("table-without-operation", family="cross", severity=Severity.INFO, strict=True)
def table_without_operation(facts: Facts) -> Iterator[Flaw]:
    """A table of the schema is neither answered, written nor referred to by any operation.

    Why: It may be work of the background, or a part of the design that the contract forgot.

    Bad:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label text not null,
      constraint items_label_length check (char_length(label) between 1 and 80)
    );
    create table coupons (id bigint generated always as identity primary key);
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
    create table coupons (
      id bigint generated always as identity primary key,
      item_id bigint not null references items (id) on delete cascade
    );
    create index coupons_item_idx on coupons (item_id);
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

    Precision: A table that refers to one with operations, or is referred to by one, counts as part of it. Logs,
    keys, sessions and queues are left out by name.

    Source: Found when designing from one sentence: a table and no way to its rows.
    """
    matched = {pair.table.key for pair in facts.pairs}  # what a property of the contract stands for
    matched |= {
        table.key for each in facts.contract.operations if (table := facts.matching.at_path(each.path)) is not None
    }
    for table in facts.schema.tables:
        near = {key.target for key in table.foreign_keys} | {
            other.key for other, _ in facts.schema.references_to(table.key)
        }
        if table.key in matched or near or _INSIDE.search(table.name) or not matched:
            continue
        yield Flaw(table.key, table.at, f"No operation of the contract is about {table.key}.")
