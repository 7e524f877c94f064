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
    if not operations or not facts.schema.tables or _elsewhere(facts):
        return
    forgetful = [each for each in operations if not _remembers(facts, each)]
    if forgetful:
        first = forgetful[0]
        symbols = ", ".join(each.symbol for each in forgetful[:3])
        message = f"{symbols} takes an idempotency key, and no table or column of the schema can keep one."
        others = tuple(each.node.at for each in forgetful[1:])
        yield first.node.flaw(first.symbol, message, "Keep the key with a unique constraint.", others)


def _keyed(operation: Operation) -> bool:
    """Whether the operation takes an idempotency key."""
    return any("idempotency" in parameter.name.lower() for parameter in operation.parameters)


def _remembers(facts: Facts, operation: Operation) -> bool:
    """Whether a table for keys, or a column of the table that the operation writes to, can keep a key."""
    if any(_STORE.search(table.name) for table in facts.schema.tables):
        return True
    own = facts.matching.at_path(operation.path)
    having = [table for table in facts.schema.tables if any(_STORE.search(each.name) for each in table.columns)]
    keyed = [table for table in having if any("idempot" in column.name.lower() for column in table.columns)]
    return own in having if own is not None and keyed else bool(having)


def _elsewhere(facts: Facts) -> bool:
    """Whether the code keeps things in a store beside the database."""
    modules = facts.code.own if facts.code else ()
    return any("redis" in each.module for module in modules for each in module.imports)
