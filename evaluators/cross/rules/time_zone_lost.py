"""The rule time-zone-lost."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("time-zone-lost", family="cross", severity=Severity.WARNING)
def time_zone_lost(facts: Facts) -> Iterator[Flaw]:
    """A date-time is stored without its time zone.

    Why: The offset that was sent is dropped, so another instant comes back.

    Bad:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      name text not null,
      state text not null default 'draft',
      stock integer not null default 0,
      weight numeric(6, 2) not null default 0,
      maker uuid,
      note text,
      seen_at timestamp,
      made_at timestamptz not null default now(),
      password_hash text,
      constraint items_name_key unique (name),
      constraint items_name_length check (char_length(name) <= 80),
      constraint items_state_known check (state in ('draft', 'sold')),
      constraint items_stock_range check (stock >= 0)
    );
    create index items_maker_idx on items (maker);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          operationId: getItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses:
            "200":
              description: The item.
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
            "404": {description: No such item.}
    components:
      schemas:
        Item:
          x-table: items
          type: object
          required: [id, seen_at]
          properties:
            id: {type: integer, format: int64, minimum: 1, x-column: id}
            seen_at: {type: [string, "null"], format: date-time, x-column: seen_at}
    ```

    Good:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      name text not null,
      state text not null default 'draft',
      stock integer not null default 0,
      weight numeric(6, 2) not null default 0,
      maker uuid,
      note text,
      made_at timestamptz not null default now(),
      password_hash text,
      constraint items_name_key unique (name),
      constraint items_name_length check (char_length(name) <= 80),
      constraint items_state_known check (state in ('draft', 'sold')),
      constraint items_stock_range check (stock >= 0)
    );
    create index items_maker_idx on items (maker);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          operationId: getItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses:
            "200":
              description: The item.
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
            "404": {description: No such item.}
    components:
      schemas:
        Item:
          x-table: items
          type: object
          required: [id, made_at]
          properties:
            id: {type: integer, format: int64, minimum: 1, x-column: id}
            made_at: {type: string, format: date-time, x-column: made_at}
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      opens time not null,
      day date not null
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          operationId: getItem
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses:
            "200":
              description: One.
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
            "404": {description: No such item.}
    components:
      schemas:
        Item:
          x-table: items
          type: object
          required: [opens]
          properties:
            opens: {type: string, format: time}
            day: {type: string, format: date}
    ```

    Precision: PostgreSQL only, since the other databases keep no zone in their usual types.

    Source: PostgreSQL wiki, "Don't Do This": timestamp without time zone.
    """
    for pair in facts.used:
        kind = pair.column.type
        zoned = facts.schema.dialect != "postgres" or kind.timezone
        if pair.member.facets.format == "date-time" and kind.family == "timestamp" and not zoned and not kind.array:
            yield pair.flaw(f"{pair.symbol} is a date-time, {pair.column_name} drops its zone.", "Use timestamptz.")
