"""The rule undeclared-stored-value."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts, Pair
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("undeclared-stored-value", family="cross", severity=Severity.ERROR)
def undeclared_stored_value(facts: Facts) -> Iterator[Flaw]:
    """A column can hold a value that the response's `enum` lacks.

    Why: As soon as one row has it, the answer breaks the contract and generated clients fail.

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
          required: [id, state]
          properties:
            id: {type: integer, format: int64, minimum: 1, x-column: id}
            state: {type: string, enum: [draft], x-column: state}
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
          required: [id, state]
          properties:
            id: {type: integer, format: int64, minimum: 1, x-column: id}
            state: {type: string, enum: [draft, sold], x-column: state}
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      state text not null check (state in ('draft', 'sold'))
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
          required: [state]
          properties:
            state: {type: string}
    ```

    Precision: Only where the answer has an enum that shares a value with the column's.

    Source: Cross rule of contract and schema.
    """
    for pair in facts.answered:
        said, held = pair.member.facets, pair.bounds.values
        if held is None or said.enum is None:
            continue
        missing = sorted(value for value in held if value not in said.enum)
        if _shared(facts, pair) and _only_sent(facts, pair):
            continue  # the type knows more because of other columns, and no request stores it here
        if missing and any(isinstance(value, str) and value in held for value in said.enum):
            message = f"{pair.column_name} can hold {', '.join(missing)}, which {pair.symbol} does not declare."
            yield pair.flaw(message, "Declare them, or take them out of the column's values.")


def _shared(facts: Facts, pair: Pair) -> bool:
    """Whether the column's enumerated type has other columns too."""
    name = pair.column.type.name
    columns = [column for table in facts.schema.tables for column in table.columns if column.type.name == name]
    return pair.column.type.family == "enum" and len(columns) > 1


def _only_sent(facts: Facts, pair: Pair) -> bool:
    """Whether every request that stores the column takes only values that the answer declares."""
    declared = [str(value) for value in pair.member.facets.enum or ()]
    takers = [each.member.facets.enum for each in facts.sent if each.column_name == pair.column_name]
    return bool(takers) and all(taken is not None and {str(v) for v in taken} <= set(declared) for taken in takers)
