"""The rule differing-default."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _literal(sql: str | None) -> str | None:
    """The value of a literal default, as text; None where it is computed or absent."""
    if sql is None:
        return None
    found = re.fullmatch(
        r"\(*\s*(?:'((?:[^']|'')*)'(?:::[\w \"]+)?|(-?[0-9.]+)|(true|false))\s*\)*", sql, re.IGNORECASE
    )
    if found is None:
        return None
    text, number, flag = found.groups()
    return text.replace("''", "'") if text is not None else (number or flag.lower())


@rule("differing-default", family="cross", severity=Severity.WARNING)
def differing_default(facts: Facts) -> Iterator[Flaw]:
    """Contract and schema give different defaults.

    Why: What a left-out property means depends on who fills it in.

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
            stock: {type: integer, format: int32, minimum: 0, maximum: 9999, default: 1, x-column: stock}
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
            stock: {type: integer, format: int32, minimum: 0, maximum: 9999, default: 0, x-column: stock}
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      size integer not null default 1 check (size between 1 and 9)
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
            size: {type: integer, minimum: 1, maximum: 9, default: 1.0}
    ```

    Precision: Compares literals; a default that is computed on either side is not compared.

    Source: Cross rule of contract and schema.
    """
    for pair in facts.sent:
        stored = _literal(pair.column.default)
        said = next((part.raw("default") for part in [pair.member.node.followed()] if part.has("default")), None)
        if stored is None or said is None or isinstance(said, dict | list):
            continue
        text = str(said).lower() if isinstance(said, bool) else str(said)
        if text != stored and not (isinstance(said, int | float) and _number(stored) == float(said)):
            yield pair.flaw(f"{pair.symbol} defaults to {text[:40]}, {pair.column_name} to {stored[:40]}.")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
