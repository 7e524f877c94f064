"""The rule optional-into-not-null."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.cross.matching import names_a_person
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("optional-into-not-null", family="cross", severity=Severity.WARNING)
def optional_into_not_null(facts: Facts) -> Iterator[Flaw]:
    """A create request may leave out what its column needs.

    Why: The column is NOT NULL and has no default, so the service must invent a value that the
    contract does not say, or fails.

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
      /items:
        post:
          operationId: createItem
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses:
            "201": {description: Made.}
            "409": {description: Taken.}
            "422": {description: No item.}
    components:
      schemas:
        NewItem:
          x-table: items
          type: object
          additionalProperties: false
          properties:
            name: {type: string, maxLength: 80, x-column: name}
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
      /items:
        post:
          operationId: createItem
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses:
            "201": {description: Made.}
            "409": {description: Taken.}
            "422": {description: No item.}
    components:
      schemas:
        NewItem:
          x-table: items
          type: object
          additionalProperties: false
          required: [name]
          properties:
            name: {type: string, maxLength: 80, x-column: name}
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label text not null check (char_length(label) between 1 and 80),
      size integer not null default 1
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses: {"201": {description: Made.}, "409": {description: Taken.}, "422": {description: No item.}}
    components:
      schemas:
        NewItem:
          x-table: items
          type: object
          additionalProperties: false
          required: [label]
          properties:
            label: {type: string, minLength: 1, maxLength: 80}
            size: {type: integer, minimum: -2147483648, maximum: 2147483647}
    ```

    Precision: A reference to a person or an owner is left alone: the server takes it from the token. Other values
    that the server works out (a slug from a title) are reported.

    Source: PostgreSQL error 23502, not_null_violation.
    """
    for operation in facts.contract.operations:
        for pair in facts.pairs_of(operation) if operation.method in ("POST", "PUT") else ():
            said, column = pair.member.facets, pair.column
            supplied = column.default is not None or column.identity or column.generated or said.has_default
            supplied = supplied or names_a_person(pair.table, column)
            if not pair.member.required and not column.nullable and not supplied and not said.read_only:
                if operation.method == "POST" and "{" in operation.path.rsplit("/", 1)[-1]:
                    continue  # a POST on one resource changes it
                yield pair.flaw(f"{pair.symbol} may be left out, {pair.column_name} needs a value.", "Require it.")
