"""The rule answer-narrower-than-request."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.shapes import Facets
from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("answer-narrower-than-request", family="cross", severity=Severity.WARNING)
def answer_narrower_than_request(facts: Facts) -> Iterator[Flaw]:
    """An answer promises tighter bounds for a column than a request keeps.

    Why: What one operation accepts and stores, another one answers with, outside its own schema. Clients that check
    answers break.

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
          responses:
            "201":
              description: Made.
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
            "404": {description: No such maker.}
            "422": {description: No item.}
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
        Item:
          x-table: items
          type: object
          required: [label]
          properties:
            label: {type: string, minLength: 1, maxLength: 40}
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
          responses:
            "201":
              description: Made.
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
            "404": {description: No such maker.}
            "422": {description: No item.}
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
        Item:
          x-table: items
          type: object
          required: [label]
          properties:
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
          responses:
            "201":
              description: Made.
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
            "404": {description: No such maker.}
            "422": {description: No item.}
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
        Item:
          x-table: items
          type: object
          required: [label]
          properties:
            label: {type: string, minLength: 1, maxLength: 120}
    ```

    Precision: Looks at maxLength, minimum, maximum and enum of properties that stand for the same column. Text that
    is shortened on purpose has a name of its own and no column.

    Source: OpenAPI 3.1, Schema Object; JSON Schema validation vocabulary.
    """
    told: set[str] = set()
    for answered in facts.answered:
        for sent in facts.sent:
            if answered.column_name != sent.column_name or answered.symbol in told:
                continue
            word = _narrower(answered.member.facets, sent.member.facets)
            if word:
                told.add(answered.symbol)
                message = (
                    f"{answered.symbol} promises a smaller {word} than {sent.symbol} accepts for {sent.column_name}."
                )
                yield answered.flaw(message, "Give both the same bounds.")


def _narrower(answered: Facets, sent: Facets) -> str:
    """Which bound of an answer is tighter than the request's, or empty."""
    if answered.max_length is not None and (sent.max_length or 0) > answered.max_length:
        return "maxLength"
    if None not in (answered.maximum, sent.maximum) and (sent.maximum or 0) > (answered.maximum or 0):
        return "range"
    if None not in (answered.minimum, sent.minimum) and (sent.minimum or 0) < (answered.minimum or 0):
        return "range"
    if answered.enum is not None and sent.enum is not None and any(each not in answered.enum for each in sent.enum):
        return "enum"
    return ""
