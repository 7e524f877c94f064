"""The rule unique-without-conflict."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Operation
from evaluators.cross.facts import Facts, Pair
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.facts import Table


@rule("unique-without-conflict", family="cross", severity=Severity.ERROR)
def unique_without_conflict(facts: Facts) -> Iterator[Flaw]:
    """A request writes a unique column and the operation does not declare 409.

    Why: The second one is refused by the database, and the contract does not say how.

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
      label text not null unique check (char_length(label) between 1 and 80)
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/search:
        post:
          operationId: searchItems
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: "#/components/schemas/ItemFields"}}}
          responses: {"204": {description: Found.}, "422": {description: No search.}}
    components:
      schemas:
        ItemFields:
          x-table: items
          type: object
          additionalProperties: false
          required: [label]
          properties:
            label: {type: string, minLength: 1, maxLength: 80}
    ```

    Precision: A key that is made of references beside an owner, and one that the server fills in, is left alone. A
    handler that turns the second create into an update is not seen.

    Source: PostgreSQL error 23505, unique_violation; RFC 9110, section 15.5.10.
    """
    for operation in facts.contract.operations:
        if operation.response("409") is not None or operation.method not in ("POST", "PUT", "PATCH"):
            continue
        pairs = [pair for pair in facts.pairs_of(operation) if not pair.member.facets.read_only]
        for table in dict.fromkeys(pair.table for pair in pairs):
            if operation.method == "POST" and not _creates(facts, operation, table):
                continue
            broken = _unique(operation, table, [pair for pair in pairs if pair.table == table])
            if broken is not None:
                at = operation.node.get("responses") or operation.node
                message = f"{operation.symbol} writes {broken.column_name}, which is unique, and declares no 409."
                yield at.flaw(operation.symbol, message, "Declare 409.", (broken.column.at,))
                break


def _creates(facts: Facts, operation: Operation, table: Table) -> bool:
    """Whether a POST makes a row of the table; one that logs in only looks it up."""
    if any(response.status == "201" for response in operation.responses):
        return True
    schemas = [media.schema for each in operation.successes for media in each.media if media.schema is not None]
    return any(facts.table_of(facts.contract.shape_at(schema)) == table for schema in schemas)


def _unique(operation: Operation, table: Table, pairs: list[Pair]) -> Pair | None:
    """A written property whose unique key the request can break, or None."""
    sent = {pair.column.name: pair for pair in pairs}
    inserts = operation.method == "POST"
    for columns in table.unique_sets:
        written = [sent[name] for name in sorted(columns) if name in sent]
        known = all(name in sent or table.foreign_key_of(name) for name in columns)
        primary = columns == frozenset(table.primary_columns)
        if written and known and (not primary or inserts) and not _joins(table, columns, written):
            return written[0]
    return None


def _joins(table: Table, columns: frozenset[str], written: list[Pair]) -> bool:
    """Whether what is written only points to other rows beside an owner: no value of its own collides."""
    return len(columns) > len(written) and all(table.foreign_key_of(pair.column.name) for pair in written)
