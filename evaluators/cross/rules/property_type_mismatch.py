"""The rule property-type-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts, Pair
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_FITTING = {
    "integer": frozenset(("integer",)),
    "decimal": frozenset(("number", "integer", "string")),
    "float": frozenset(("number", "integer")),
    "text": frozenset(("string",)),
    "boolean": frozenset(("boolean",)),
    "timestamp": frozenset(("string",)),
    "date": frozenset(("string",)),
    "time": frozenset(("string",)),
    "uuid": frozenset(("string",)),
    "enum": frozenset(("string",)),
    "bytes": frozenset(("string",)),
    "network": frozenset(("string",)),
}


def _fitting(pair: Pair, dialect: str) -> frozenset[str]:
    """The JSON types that fit the column; empty where any may."""
    said = pair.member.facets
    if pair.column.type.array:
        return frozenset(("array",))
    family = pair.column.type.family
    if family == "integer" and (said.format in ("int64", "bigint") or said.pattern is not None):
        return frozenset(("integer", "string"))
    if family == "integer" and dialect in ("sqlite", "mysql"):
        return frozenset(("integer", "boolean"))
    if family == "text" and dialect != "postgres":
        return frozenset(("string", "array", "object"))
    return _FITTING.get(family, frozenset())


@rule("property-type-mismatch", family="cross", severity=Severity.ERROR)
def property_type_mismatch(facts: Facts) -> Iterator[Flaw]:
    """A property has a type that its column cannot hold or give.

    Why: Every value has to be converted, and one that cannot be is a 500.

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
            stock: {type: boolean, x-column: stock}
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
      price numeric(9, 2) not null
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
          required: [price]
          properties:
            price: {type: string, pattern: '^[0-9]+[.][0-9]{2}$', maxLength: 12}
    ```

    Precision: A decimal may be a string or a number; documents and arrays fit anything. Types that the gate does
    not know fit everything.

    Source: Cross rule of contract and schema; PostgreSQL error 22P02.
    """
    for pair in facts.used:
        fitting = _fitting(pair, facts.schema.dialect)
        types = pair.member.facets.types
        if fitting and types and not types & fitting:
            said = " or ".join(sorted(types))
            yield pair.flaw(f"{pair.symbol} is {said}, {pair.column_name} is {pair.column.type}.")
