"""The rule unknown-table."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("unknown-table", family="cross", severity=Severity.ERROR)
def unknown_table(facts: Facts) -> Iterator[Flaw]:
    """An `x-table` names a table that the schema does not have.

    Why: What the contract describes cannot be stored, or one of the two was renamed.

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
          x-table: itmes
          type: object
          additionalProperties: false
          required: [name]
          properties:
            name: {type: string, maxLength: 80}
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
    create view items as select 1 as id;
    create table things (
      id bigint generated always as identity primary key,
      label text not null
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
          required: [label]
          properties:
            label: {type: string}
    ```

    Precision: A view, a table of the platform (auth, storage) and a name in a statement that was not read count as
    known.

    Source: Cross rule of contract and schema.
    """
    told: set[str] = set()
    for shape in (*facts.contract.schemas, *(each[0] for each in facts.shapes)):
        name = shape.table
        if name is None or name in told or facts.table(name) is not None or facts.elsewhere(name):
            continue
        told.add(name)
        near = get_close_matches(name, [table.key for table in facts.schema.tables], 1, 0.6)
        at = shape.node.get("x-table") or shape.node
        yield at.flaw(name, f"{shape.name} is x-table {name}, which the schema does not have.", _hint(near))


def _hint(near: list[str]) -> str:
    return f"Did you mean {near[0]}?" if near else "Create the table, or take x-table out."
