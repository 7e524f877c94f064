"""The rule narrow-integer-format."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

BITS = 32


@rule("narrow-integer-format", family="cross", severity=Severity.WARNING)
def narrow_integer_format(facts: Facts) -> Iterator[Flaw]:
    """A 64-bit column is declared as a 32-bit integer in an answer.

    Why: Generated clients read it into 32 bits. It works until the value passes 2,147,483,647.

    Bad:
    ```sql schema.sql
    create table makers (id bigint generated always as identity primary key);
    create table items (
      id bigint generated always as identity primary key,
      maker_id bigint not null references makers (id) on delete restrict,
      label text not null,
      constraint items_label_length check (char_length(label) <= 80)
    );
    create index items_maker_idx on items (maker_id);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "200":
              description: All.
              content:
                application/json:
                  schema: {type: array, maxItems: 100, items: {$ref: "#/components/schemas/Item"}}
    components:
      schemas:
        Item:
          x-table: items
          type: object
          required: [id]
          properties:
            id: {type: integer, format: int32}
    ```

    Good:
    ```sql schema.sql
    create table makers (id bigint generated always as identity primary key);
    create table items (
      id bigint generated always as identity primary key,
      maker_id bigint not null references makers (id) on delete restrict,
      label text not null,
      constraint items_label_length check (char_length(label) <= 80)
    );
    create index items_maker_idx on items (maker_id);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "200":
              description: All.
              content:
                application/json:
                  schema: {type: array, maxItems: 100, items: {$ref: "#/components/schemas/Item"}}
    components:
      schemas:
        Item:
          x-table: items
          type: object
          required: [id]
          properties:
            id: {type: integer, format: int64}
    ```

    Boundary:
    ```sql schema.sql
    create table makers (id bigint generated always as identity primary key);
    create table items (
      id bigint generated always as identity primary key,
      maker_id bigint not null references makers (id) on delete restrict,
      label text not null,
      size bigint not null check (size between 0 and 1000),
      constraint items_label_length check (char_length(label) <= 80)
    );
    create index items_maker_idx on items (maker_id);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "200":
              description: All.
              content:
                application/json:
                  schema: {type: array, maxItems: 100, items: {$ref: "#/components/schemas/Item"}}
    components:
      schemas:
        Item:
          x-table: items
          type: object
          required: [id]
          properties:
            size: {type: integer, format: int32}
            id: {type: integer, format: int64}
    ```

    Precision: A CHECK or a maximum that keeps the values below 2^31 makes it fine.

    Source: OpenAPI 3.1, Data Types: int32 and int64.
    """
    for pair in facts.answered:
        said, column = pair.member.facets, pair.column.type
        wide = column.family == "integer" and (column.bits or 0) > BITS
        bounded = pair.bounds.checked_high or (said.maximum is not None and said.maximum < 2 ** (BITS - 1))
        if wide and said.format == "int32" and not bounded:
            message = f"{pair.symbol} has the format int32, {pair.column_name} has {column.bits} bits."
            yield pair.flaw(message, "Use the format int64.")
