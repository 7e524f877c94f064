"""The rule format-column-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_FORMATS = {"uuid": ("uuid",), "date": ("date",), "timestamp": ("date-time",), "time": ("time", "partial-time")}


@rule("format-column-mismatch", family="cross", severity=Severity.ERROR)
def format_column_mismatch(facts: Facts) -> Iterator[Flaw]:
    """A property's format says something else than its column's type.

    Why: A text that is no UUID reaches a UUID column and fails; a date-time in a date column
    loses its time.

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
            maker: {type: string, maxLength: 36, x-column: maker}
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
            maker: {type: string, format: uuid, x-column: maker}
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      maker uuid not null
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
          required: [maker]
          properties:
            maker: {type: string, pattern: '^[0-9a-f-]{36}$', maxLength: 36}
    ```

    Precision: A pattern or an enum of its own is taken to fit. Text columns accept any format.

    Source: PostgreSQL error 22P02, invalid_text_representation.
    """
    sent = {pair.member.node for pair in facts.sent}
    for pair in facts.used:
        said, kind = pair.member.facets, pair.column.type
        wanted = _FORMATS.get(kind.family)
        if wanted is None or kind.array or said.types != {"string"} or said.format in wanted or said.enum is not None:
            continue
        unsaid = said.format is None and (pair.member.node not in sent or said.pattern is not None)
        if not unsaid:
            has = f"has the format {said.format}" if said.format else "has no format"
            yield pair.flaw(f"{pair.symbol} {has}, {pair.column_name} is {kind}.", f"Say `format: {wanted[0]}`.")
