"""The rule sensitive-column-in-response."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.words import is_password
from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("sensitive-column-in-response", family="cross", severity=Severity.ERROR)
def sensitive_column_in_response(facts: Facts) -> Iterator[Flaw]:
    """A response gives out a column that holds a password or its hash.

    Why: Under a harmless name it is the same secret, and a hash can be cracked at leisure.

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
          required: [id, mark]
          properties:
            id: {type: integer, format: int64, minimum: 1, x-column: id}
            mark: {type: [string, "null"], maxLength: 200, x-column: password_hash}
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
          required: [id, note]
          properties:
            id: {type: integer, format: int64, minimum: 1, x-column: id}
            note: {type: [string, "null"], maxLength: 200, x-column: note}
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      password_changed_at timestamptz
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
          required: [password_changed_at]
          properties:
            password_changed_at: {type: [string, "null"], format: date-time}
    ```

    Precision: By the column's name: a secret under an innocent name is missed, and what only speaks of a password
    is not reported.

    Source: OWASP API3:2023, Broken Object Property Level Authorization.
    """
    for pair in facts.answered:
        if is_password(pair.column.name) and not is_password(pair.member.name):
            yield pair.flaw(f"{pair.symbol} gives out {pair.column_name}.", "Leave it out.")
