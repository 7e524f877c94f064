"""The rule text-shorter-than-check."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("text-shorter-than-check", family="cross", severity=Severity.WARNING)
def text_shorter_than_check(facts: Facts) -> Iterator[Flaw]:
    """A text that the contract accepts is too short for a CHECK of its column.

    Why: An empty or short text passes the contract, and the database refuses the row: a 500 where a 422 was
    promised.

    Bad:
    ```sql schema.sql
    create table makers (id bigint generated always as identity primary key);
    create table items (
      id bigint generated always as identity primary key,
      maker_id bigint not null references makers (id) on delete restrict,
      label text not null,
      constraint items_label_length check (char_length(label) between 3 and 80)
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

    Good:
    ```sql schema.sql
    create table makers (id bigint generated always as identity primary key);
    create table items (
      id bigint generated always as identity primary key,
      maker_id bigint not null references makers (id) on delete restrict,
      label text not null,
      constraint items_label_length check (char_length(label) between 3 and 80)
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
            label: {type: string, minLength: 3, maxLength: 80}
    ```

    Boundary:
    ```sql schema.sql
    create table makers (id bigint generated always as identity primary key);
    create table items (
      id bigint generated always as identity primary key,
      maker_id bigint not null references makers (id) on delete restrict,
      label text not null,
      constraint items_label_length check (char_length(label) between 3 and 80)
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
            label: {type: string, pattern: '^[a-z]{3,80}$', maxLength: 80}
    ```

    Precision: A pattern, a format or an enum is taken to keep short texts out. A handler that strips blanks first
    is not seen.

    Source: OWASP API8:2023; RFC 9110, section 15.5.21.
    """
    for pair in facts.sent:
        said, least = pair.member.facets, pair.bounds.min_length
        if least is None or said.types != {"string"} or said.pattern or said.format or said.enum is not None:
            continue
        if (said.min_length or 0) < least:
            message = f"{pair.symbol} may have {said.min_length or 0} characters, {pair.column_name} needs {least}."
            yield pair.flaw(message, f"Set minLength: {least}.")
