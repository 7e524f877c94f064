"""The rule missing-reference-response."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Operation
from evaluators.cross.facts import Facts, Pair
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

LEAST = 4
HABIT = 0.8
"""When at least this share of at least so many other operations declare it, the contract has a habit."""


@rule("missing-reference-response", family="cross", severity=Severity.WARNING)
def missing_reference_response(facts: Facts) -> Iterator[Flaw]:
    """A request names another row and the operation does not say what happens when there is none.

    Why: The foreign key refuses the row. Without a declared answer the client learns of it as a 500.

    Bad:
    ```sql schema.sql
    create table makers (id bigint generated always as identity primary key);
    create table items (
      id bigint generated always as identity primary key,
      maker_id bigint not null references makers (id) on delete restrict,
      label text not null,
      constraint items_label_length check (char_length(label) <= 80)
    );
    create index items_maker_idx on items (maker_id);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses: {"201": {description: Made.}, "401": {description: Log in.}}
    components:
      schemas:
        NewItem:
          x-table: items
          type: object
          additionalProperties: false
          required: [maker_id, label]
          properties:
            maker_id: {type: integer, format: int64, minimum: 1, maximum: 9000000000}
            label: {type: string, minLength: 1, maxLength: 80}
    ```

    Good:
    ```sql schema.sql
    create table makers (id bigint generated always as identity primary key);
    create table items (
      id bigint generated always as identity primary key,
      maker_id bigint not null references makers (id) on delete restrict,
      label text not null,
      constraint items_label_length check (char_length(label) <= 80)
    );
    create index items_maker_idx on items (maker_id);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses: {"201": {description: Made.}, "404": {description: No such maker.}, "422": {description: No item.}}
    components:
      schemas:
        NewItem:
          x-table: items
          type: object
          additionalProperties: false
          required: [maker_id, label]
          properties:
            maker_id: {type: integer, format: int64, minimum: 1, maximum: 9000000000}
            label: {type: string, minLength: 1, maxLength: 80}
    ```

    Boundary:
    ```sql schema.sql
    create table makers (id bigint generated always as identity primary key);
    create table items (
      id bigint generated always as identity primary key,
      maker_id bigint not null references makers (id) on delete restrict,
      label text not null,
      constraint items_label_length check (char_length(label) <= 80)
    );
    create index items_maker_idx on items (maker_id);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses: {"201": {description: Made.}, "4XX": {description: Refused.}}
    components:
      schemas:
        NewItem:
          x-table: items
          type: object
          additionalProperties: false
          required: [maker_id, label]
          properties:
            maker_id: {type: integer, format: int64, minimum: 1, maximum: 9000000000}
            label: {type: string, minLength: 1, maxLength: 80}
    ```

    Precision: Any of 400, 404, 409 and 422 counts, unless nearly all other operations of the contract that name a
    row declare 404 or 409 and this one does not. A parameter in the path is not looked at.

    Source: PostgreSQL error 23503, foreign_key_violation; RFC 9110, section 15.5.
    """
    writing = [found for found in map(lambda each: _named(facts, each), facts.contract.operations) if found is not None]
    for operation, pair in writing:
        others = [each for each, _ in writing if each is not operation and "{" not in each.path]
        wanted = ("400", "404", "409", "422")
        for usual in (("404",), ("422",), ("404", "409")):
            saying = sum(_says(each, usual) for each in others)
            if "{" not in operation.path and len(others) >= LEAST and saying >= HABIT * len(others):
                wanted = tuple(sorted({*usual, "404", "409"} if usual != ("404", "409") else usual))
                break
        if not _says(operation, wanted):
            message = (
                f"{operation.symbol} writes {pair.column_name}, a reference, and declares none of {', '.join(wanted)}."
            )
            at = operation.node.get("responses") or operation.node
            yield at.flaw(operation.symbol, message, "Declare what an unknown reference gets.", (pair.column.at,))


def _says(operation: Operation, statuses: tuple[str, ...]) -> bool:
    """Whether the operation declares one of the statuses."""
    return any(operation.response(status) is not None for status in statuses)


def _named(facts: Facts, operation: Operation) -> tuple[Operation, Pair] | None:
    """The operation with the first reference that its body writes, or None."""
    if operation.method not in ("POST", "PUT", "PATCH"):
        return None
    for pair in facts.pairs_of(operation):
        key = pair.table.foreign_key_of(pair.column.name)
        if key is not None and not pair.member.facets.read_only and facts.schema.table(key.target) is not None:
            return operation, pair
    return None
