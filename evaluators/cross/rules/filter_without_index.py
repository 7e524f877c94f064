"""The rule filter-without-index."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Operation, Parameter
from evaluators.cross.bounds import bounds_of
from evaluators.cross.facts import Facts
from evaluators.cross.names import folded
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.facts import Column, Table

LEAST = 2
"""Filters on a few values that a schema must index besides, for a missing index to stand out."""


@rule("filter-without-index", family="cross", severity=Severity.WARNING)
def filter_without_index(facts: Facts) -> Iterator[Flaw]:
    """A list filters by a column that no index begins with.

    Why: Every call reads the whole table.

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
        get:
          operationId: listItems
          parameters:
            - {name: note, in: query, schema: {type: string, maxLength: 200}}
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 20}}
          responses:
            "200":
              description: The items.
              content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Item"}}}}
            "422": {description: No filter.}
    components:
      schemas:
        Item:
          x-table: items
          type: object
          required: [id, name]
          properties:
            id: {type: integer, format: int64, minimum: 1, x-column: id}
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
        get:
          operationId: listItems
          parameters:
            - {name: maker, in: query, schema: {type: string, format: uuid}}
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 20}}
          responses:
            "200":
              description: The items.
              content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Item"}}}}
            "422": {description: No filter.}
    components:
      schemas:
        Item:
          x-table: items
          type: object
          required: [id, name]
          properties:
            id: {type: integer, format: int64, minimum: 1, x-column: id}
            name: {type: string, maxLength: 80, x-column: name}
    ```

    Boundary:
    ```sql schema.sql
    create table makers (id bigint generated always as identity primary key);
    create table items (
      id bigint generated always as identity primary key,
      maker_id bigint not null references makers (id) on delete restrict,
      label text not null,
      state text not null check (state in ('draft', 'sold'))
    );
    create index items_maker_label_idx on items (maker_id, label);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: label, in: query, schema: {type: string, maxLength: 80}}
            - {name: state, in: query, schema: {type: string, enum: [draft, sold]}}
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 20}}
          responses:
            "200":
              description: The items.
              content:
                application/json:
                  schema: {type: array, maxItems: 100, items: {$ref: "#/components/schemas/Item"}}
            "422": {description: No filter.}
    components:
      schemas:
        Item:
          x-table: items
          type: object
          required: [id]
          properties:
            id: {type: integer, format: int64, minimum: 1}
    ```

    Precision: A low-cardinality filter (a boolean, an enumeration) needs no index. An index counts when only
    references stand before the column, as in (tenant_id, email). It does not know how many rows there are.

    Source: Use The Index, Luke: the where clause.
    """
    filters = [each for operation in facts.contract.operations for each in _filters(facts, operation)]
    few = [_found(table, column) for _, _, table, column in filters if _listed(table, column)]
    # Where a schema indexes nearly all of its filters on a few values, one without an index was forgotten.
    habit = len(few) > LEAST and sum(few) >= len(few) - 1
    for operation, parameter, table, column in filters:
        wanted = not _few_values(table, column) or (habit and _listed(table, column))
        if wanted and not _found(table, column):
            message = f"{operation.symbol} filters by {table.key}.{column.name}, and no index serves that."
            symbol = f"{operation.symbol} {parameter.name}"
            yield parameter.node.flaw(symbol, message, "Add an index.", (column.at,))


def _filters(facts: Facts, operation: Operation) -> Iterator[tuple[Operation, Parameter, Table, Column]]:
    """The query parameters of a list that are called like a column of what it lists."""
    table = facts.matching.listed(operation) if operation.method == "GET" else None
    for parameter in operation.parameters_in("query") if table is not None else ():
        same = [column for column in table.columns if folded(column.name) == folded(parameter.name)] if table else []
        if table is not None and len(same) == 1:
            yield operation, parameter, table, same[0]


def _listed(table: Table, column: Column) -> bool:
    """Whether a column's values are an enumeration."""
    return column.type.family == "enum" or bounds_of(table, column, "postgres").values is not None


def _few_values(table: Table, column: Column) -> bool:
    """Whether a column has so few values that an index on it alone says little."""
    flag = column.name.lower().startswith(("is_", "has_")) or column.type.family == "boolean"
    return flag or _listed(table, column)


def _found(table: Table, column: Column) -> bool:
    """Whether an index begins with the column, or with references and then the column."""
    for columns in table.indexed:
        before = columns[: columns.index(column.name)] if column.name in columns else None
        if before is not None and all(table.foreign_key_of(name) for name in before):
            return True
    return False
