"""The rule resource-without-table."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Operation
from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("resource-without-table", family="cross", severity=Severity.INFO, strict=True)
def resource_without_table(facts: Facts) -> Iterator[Flaw]:
    """A resource of the contract has no table that could hold it.

    Why: Whatever is created there has nowhere to go: a table was forgotten, or it has another name than its
    resource.

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
      /items/{id}:
        get:
          operationId: getItem
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses: {"204": {description: One.}, "404": {description: No such item.}}
      /coupons:
        post:
          operationId: create
          responses:
            "201": {description: Made., headers: {Location: {schema: {type: string, format: uri}}}}
      /coupons/{id}:
        get:
          operationId: getOne
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses: {"204": {description: One.}, "404": {description: No such thing.}}
    ```

    Good:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label text not null,
      constraint items_label_length check (char_length(label) between 1 and 80)
    );
    create table coupons (id bigint generated always as identity primary key);
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
          responses: {"204": {description: One.}, "404": {description: No such item.}}
      /coupons:
        post:
          operationId: create
          responses:
            "201": {description: Made., headers: {Location: {schema: {type: string, format: uri}}}}
      /coupons/{id}:
        get:
          operationId: getOne
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses: {"204": {description: One.}, "404": {description: No such thing.}}
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label text not null,
      constraint items_label_length check (char_length(label) between 1 and 80)
    );
    create table shop_coupons (id bigint generated always as identity primary key);
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
          responses: {"204": {description: One.}, "404": {description: No such item.}}
      /coupons:
        post:
          operationId: create
          responses:
            "201": {description: Made., headers: {Location: {schema: {type: string, format: uri}}}}
      /coupons/{id}:
        get:
          operationId: getOne
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          responses: {"204": {description: One.}, "404": {description: No such thing.}}
    ```

    Precision: Only resources that are created by POST with 201 and read by their key, and only where other
    resources of the contract have tables. Names are matched without case, plural and separators.

    Source: Found when designing from one sentence: an operation and no table behind it.
    """
    known = facts.matching
    if not any(known.at_path(operation.path) for operation in facts.contract.operations):
        return
    keyed = {operation.path.rpartition("/{")[0] for operation in facts.contract.operations if operation.method == "GET"}
    for operation in facts.contract.operations:
        created = operation.method == "POST" and any(each.status == "201" for each in operation.successes)
        if (
            created
            and operation.path in keyed
            and known.at_path(operation.path) is None
            and not _paired(facts, operation)
        ):
            message = f"{operation.symbol} creates something that no table of the schema is called after."
            yield operation.node.flaw(operation.symbol, message)


def _paired(facts: Facts, operation: Operation) -> bool:
    """Whether what the operation takes or answers with is known to stand for a table."""
    if facts.pairs_of(operation):
        return True
    answers = [media.schema for each in operation.successes for media in each.media if media.schema is not None]
    return any(facts.table_of(facts.contract.shape_at(schema)) is not None for schema in answers)
