"""The rule number-wider-than-column."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("number-wider-than-column", family="cross", severity=Severity.ERROR)
def number_wider_than_column(facts: Facts) -> Iterator[Flaw]:
    """A request accepts a number beyond what its column can hold.

    Why: What the contract calls valid overflows in the database, mostly as a 500.

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
          required: [name]
          properties:
            name: {type: string, maxLength: 80, x-column: name}
            stock: {type: integer, minimum: 0, maximum: 9999999999, x-column: stock}
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
            stock: {type: integer, format: int32, minimum: 0, maximum: 9999, x-column: stock}
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      size integer not null
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
          required: [size]
          properties:
            size: {type: integer, format: int32}
    ```

    Precision: SQLite keeps any width and is left alone. A bound that only the handler checks is not seen.

    Source: PostgreSQL error 22003, numeric_value_out_of_range.
    """
    for pair in facts.sent:
        said, held = pair.member.facets, pair.bounds
        if held.checked_high or held.maximum is None or not said.types & {"integer", "number"} or said.enum:
            continue
        implied = 2**31 - 1 if said.format == "int32" else None
        top = said.maximum if said.maximum is not None else implied
        if top is None and pair.column.type.bits == 64:
            continue  # said once by the contract's own rule on unbounded integers
        if top is None or Decimal(str(top)) > held.maximum:
            accepts = f"up to {top}" if top is not None else "any number"
            message = f"{pair.symbol} accepts {accepts}, {pair.column_name} holds {held.maximum} at most."
            yield pair.flaw(message, f"Say `maximum: {held.maximum}` or less.")
