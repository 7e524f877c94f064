"""The rule idempotency-without-store."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Operation
from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_STORE = re.compile(
    r"idempot|dedup|(request|client|operation|command|event|external)_?(key|token|ref|reference|id)$", re.IGNORECASE
)


@rule("idempotency-without-store", family="cross", severity=Severity.WARNING)
def idempotency_without_store(facts: Facts) -> Iterator[Flaw]:
    """The contract takes an idempotency key, and no table can remember one.

    Why: A key that nobody stores cannot be recognised. The second request pays a second time.

    Bad:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label text not null,
      constraint items_label_length check (char_length(label) between 1 and 80)
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          parameters:
            - {name: Idempotency-Key, in: header, required: true, schema: {type: string, format: uuid}}
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses: {"201": {description: Made.}, "409": {description: Twice.}, "422": {description: No item.}}
    components:
      schemas:
        NewItem:
          x-table: items
          type: object
          additionalProperties: false
          required: [label]
          properties:
            label: {type: string, minLength: 1, maxLength: 80}
    ```

    Good:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label text not null,
      constraint items_label_length check (char_length(label) between 1 and 80)
    );
    create table idempotency_keys (
      key uuid primary key,
      answered_at timestamptz not null default now()
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          parameters:
            - {name: Idempotency-Key, in: header, required: true, schema: {type: string, format: uuid}}
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses: {"201": {description: Made.}, "409": {description: Twice.}, "422": {description: No item.}}
    components:
      schemas:
        NewItem:
          x-table: items
          type: object
          additionalProperties: false
          required: [label]
          properties:
            label: {type: string, minLength: 1, maxLength: 80}
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label text not null,
      request_key uuid not null unique,
      constraint items_label_length check (char_length(label) between 1 and 80)
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          parameters:
            - {name: Idempotency-Key, in: header, required: true, schema: {type: string, format: uuid}}
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses: {"201": {description: Made.}, "409": {description: Twice.}, "422": {description: No item.}}
    components:
      schemas:
        NewItem:
          x-table: items
          type: object
          additionalProperties: false
          required: [label]
          properties:
            label: {type: string, minLength: 1, maxLength: 80}
    ```

    Precision: Any table or column whose name speaks of idempotency or of a request, client, dedup or operation key
    or token counts as a store. A store outside the database (Redis) is not seen when no code is there that names
    it.

    Source: IETF draft-ietf-httpapi-idempotency-key-header; Stripe API reference, Idempotent requests.
    """
    operations = [each for each in facts.contract.operations if _keyed(each)]
    if not operations or not facts.schema.tables or _remembers(facts):
        return
    first = operations[0]
    symbols = ", ".join(each.symbol for each in operations[:3])
    message = f"{symbols} takes an idempotency key, and no table or column of the schema can keep one."
    yield first.node.flaw(
        "Idempotency-Key", message, "Keep the key with a unique constraint.", tuple(e.node.at for e in operations[1:])
    )


def _keyed(operation: Operation) -> bool:
    """Whether the operation takes an idempotency key."""
    return any("idempotency" in parameter.name.lower() for parameter in operation.parameters)


def _remembers(facts: Facts) -> bool:
    """Whether a table, a column or a module speaks of keeping such a key."""
    names = [table.name for table in facts.schema.tables]
    names += [column.name for table in facts.schema.tables for column in table.columns]
    modules = facts.code.own if facts.code else ()
    elsewhere = any("redis" in each.module for module in modules for each in module.imports)
    return elsewhere or any(_STORE.search(name) for name in names)
