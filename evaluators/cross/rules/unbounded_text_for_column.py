"""The rule unbounded-text-for-column."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_FREE = frozenset((None, "email", "password", "uri", "url", "hostname", "byte"))


@rule("unbounded-text-for-column", family="cross", severity=Severity.ERROR)
def unbounded_text_for_column(facts: Facts) -> Iterator[Flaw]:
    """A request accepts any length of text, and its column does not.

    Why: What the contract calls valid is refused by the database, mostly as a 500.

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
            name: {type: string, x-column: name}
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
      code varchar(36) not null
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
          required: [code]
          properties:
            code: {type: string, format: uuid}
    ```

    Precision: A format of known length, a pattern or an enum bounds the text well enough.

    Source: CWE-20; PostgreSQL error 22001, string_data_right_truncation.
    """
    for pair in facts.sent:
        said, held = pair.member.facets, pair.bounds.max_length
        free = said.max_length is None and said.enum is None and not _bounding(said.pattern) and said.format in _FREE
        if said.types == {"string"} and free and held is not None:
            message = f"{pair.symbol} accepts any length, {pair.column_name} takes {held} characters."
            yield pair.flaw(message, f"Say `maxLength: {held}`.")


def _bounding(pattern: str | None) -> bool:
    """Whether a pattern may bound the length: it is anchored, and nothing in it repeats without end."""
    if pattern is None:
        return False
    plain = re.sub(r"\\\\.|\[(?:\\\\.|[^\]])*\]", "x", pattern)
    return not re.search(r"[*+]|\{\d+,\}", plain)
