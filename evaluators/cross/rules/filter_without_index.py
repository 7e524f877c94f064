"""The rule filter-without-index."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Operation
from evaluators.contract.node import Node
from evaluators.contract.shapes import facets, flattened
from evaluators.cross.facts import Facts
from evaluators.cross.names import folded
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.facts import Table


def _items(schema: Node) -> Iterator[Node]:
    """The schemas of the entries of a list, at the top or one property below."""
    for part in flattened(schema)[0]:
        items = part.get("items")
        if items is not None:
            yield items
        for _, child in part.items("properties"):
            if "array" in facets(child).types:
                yield from (found for each in flattened(child)[0] if (found := each.get("items")) is not None)


def _listed(facts: Facts, operation: Operation) -> Table | None:
    """The table whose rows the operation lists."""
    schemas = [media.schema for each in operation.successes for media in each.media if media.schema is not None]
    shapes = [facts.contract.shape_at(items) for schema in schemas for items in _items(schema)]
    tables = {table for shape in shapes if (table := facts.table_of(shape)) is not None}
    return tables.pop() if len(tables) == 1 else None


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

    Source: Use The Index, Luke: the where clause.
    """
    for operation in facts.contract.operations:
        table = _listed(facts, operation) if operation.method == "GET" else None
        if table is None:
            continue
        begins = {columns[0] for columns in table.indexed if columns}
        for parameter in operation.parameters_in("query"):
            same = [column for column in table.columns if folded(column.name) == folded(parameter.name)]
            if len(same) == 1 and same[0].name not in begins and same[0].type.family != "boolean":
                message = f"{operation.symbol} filters by {table.key}.{same[0].name}, which no index begins with."
                symbol = f"{operation.symbol} {parameter.name}"
                yield parameter.node.flaw(symbol, message, "Add an index.", (same[0].at,))
