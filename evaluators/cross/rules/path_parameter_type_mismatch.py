"""The rule path-parameter-type-mismatch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Operation
from evaluators.contract.shapes import facets
from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.facts import Table


def _table(facts: Facts, operation: Operation) -> Table | None:
    """The table whose one row the operation answers with."""
    schemas = [media.schema for each in operation.successes for media in each.media if media.schema is not None]
    shapes = [facts.contract.shape_at(schema) for schema in schemas]
    tables = {table for shape in shapes if (table := facts.table_of(shape)) is not None}
    return tables.pop() if len(tables) == 1 else None


@rule("path-parameter-type-mismatch", family="cross", severity=Severity.ERROR)
def path_parameter_type_mismatch(facts: Facts) -> Iterator[Flaw]:
    """A path's id has another type than the key of its table.

    Why: Every id has to be converted, and one that cannot be is a 500.

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
          parameters: [{name: id, in: path, required: true, schema: {type: string, maxLength: 9}}]
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
          required: [id, name]
          properties:
            id: {type: integer, format: int64, minimum: 1, x-column: id}
            name: {type: string, maxLength: 80, x-column: name}
    ```

    Boundary:
    ```sql schema.sql
    create table items (
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
            label: {type: string, maxLength: 80}
    ```

    Precision: Only the last parameter of a path, only where its name ends with the key's. A public id beside the
    key has another name.

    Source: Cross rule of contract and schema; PostgreSQL error 22P02.
    """
    for operation in facts.contract.operations:
        last = re.search(r"/\{([^{}]+)\}$", operation.path)
        table = _table(facts, operation) if last and operation.method in ("GET", "PUT", "PATCH", "DELETE") else None
        parameter = next((p for p in operation.parameters_in("path") if last and p.name == last.group(1)), None)
        if table is None or parameter is None or parameter.schema is None or len(table.primary_columns) != 1:
            continue
        key = table.column(table.primary_columns[0])
        words = parameter.name.lower().replace("_", "")
        if key is None or not words.endswith(key.name.lower().replace("_", "")):
            continue
        said, family = facets(parameter.schema), key.type.family
        number = family == "integer" and said.types == {"string"} and said.pattern is None
        uuid = family == "uuid" and (said.types == {"integer"} or (said.types == {"string"} and not said.format))
        small = said.format == "int32" or (said.maximum is not None and said.maximum < 2**31)
        narrow = family == "integer" and key.type.bits == 64 and said.types == {"integer"} and small
        if number or narrow or (uuid and said.pattern is None):
            has = f"{' or '.join(sorted(said.types))}{f' ({said.format})' if said.format else ''}"
            message = f"{operation.path} takes {parameter.name} as {has}, {table.key}.{key.name} is {key.type}."
            yield parameter.node.flaw(f"{operation.path} {parameter.name}", message, "", (key.at,))
