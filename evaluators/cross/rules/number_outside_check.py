"""The rule number-outside-check."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("number-outside-check", family="cross", severity=Severity.ERROR)
def number_outside_check(facts: Facts) -> Iterator[Flaw]:
    """A request accepts a number that a CHECK of its column refuses.

    Why: What the contract calls valid breaks a constraint, mostly as a 500; a missing minimum
    lets negative amounts through to the database.

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
            stock: {type: integer, format: int32, maximum: 9999, x-column: stock}
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
      size integer not null check (size > 0)
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
            size: {type: integer, exclusiveMinimum: 0, maximum: 2147483647}
    ```

    Precision: Only CHECKs that speak of this column alone and compare it with a number are understood.

    Source: PostgreSQL error 23514, check_violation.
    """
    for pair in facts.sent:
        said, held = pair.member.facets, pair.bounds
        if not said.types & {"integer", "number"} or said.enum is not None:
            continue
        low = None if said.minimum is None else Decimal(str(said.minimum))
        high = None if said.maximum is None else Decimal(str(said.maximum))
        if held.checked_low and (low is None or low < (held.minimum or 0)):
            accepts = "any minimum" if low is None else f"{low}"
            message = f"{pair.symbol} accepts {accepts}, {pair.column_name} refuses less than {held.minimum}."
            yield pair.flaw(message, f"Say `minimum: {held.minimum}`.")
        elif held.checked_high and (high is None or high > (held.maximum or 0)):
            accepts = "any maximum" if high is None else f"{high}"
            message = f"{pair.symbol} accepts {accepts}, {pair.column_name} refuses more than {held.maximum}."
            yield pair.flaw(message, f"Say `maximum: {held.maximum}`.")
