"""The rule finer-than-column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("finer-than-column", family="cross", severity=Severity.ERROR)
def finer_than_column(facts: Facts) -> Iterator[Flaw]:
    """A request accepts more decimal places than its column keeps.

    Why: The database rounds without a word: what comes back is not what was sent.

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
            weight: {type: number, minimum: 0, maximum: 999, multipleOf: 0.001, x-column: weight}
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
            weight: {type: number, minimum: 0, maximum: 999, multipleOf: 0.01, x-column: weight}
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      price numeric(9, 2) not null check (price >= 0)
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
          required: [price]
          properties:
            price: {type: number, multipleOf: 0.05, minimum: 0, maximum: 9999999}
    ```

    Precision: Only where multipleOf says the step. A number without one is for the rule on money.

    Source: PostgreSQL, "Numeric Types": a value is rounded to the declared scale.
    """
    for pair in facts.sent:
        kind, said = pair.column.type, pair.member.facets
        step = _step(said.pattern) if said.multiple_of is None and said.pattern is not None else said.multiple_of
        if kind.family == "decimal" and kind.scale is not None and step is not None:
            unit = Decimal(1).scaleb(-kind.scale)
            if Decimal(str(step)) % unit != 0:
                yield pair.flaw(f"{pair.symbol} accepts steps of {step}, {pair.column_name} keeps {unit}.")


def _step(pattern: str) -> Decimal | None:
    """The smallest step of decimals that a pattern such as `[0-9]{1,10}([.][0-9]{1,4})?` accepts, or None."""
    places = re.search(r"(?:\\\.|\[\.\])(?:\\d|\[0-9\])(?:\{(?:\d+,)?(\d+)\})?\)?\??\$?$", pattern)
    return Decimal(1).scaleb(-int(places[1] or 1)) if places else None
