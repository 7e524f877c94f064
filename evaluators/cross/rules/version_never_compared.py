"""The rule version-never-compared."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.cross.names import folded
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.facts import Column


@rule("version-never-compared", family="cross", severity=Severity.INFO)
def version_never_compared(facts: Facts) -> Iterator[Flaw]:
    """A table counts its versions, and its update takes none to compare with.

    Why: The column is there so that two writers do not overwrite each other. Without the version that a client has
    read, the last one wins all the same.

    Bad:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label text not null,
      version integer not null default 1,
      constraint items_label_length check (char_length(label) between 1 and 80)
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        put:
          operationId: replaceItem
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses: {"204": {description: Done.}, "404": {description: No such item.}, "422": {description: No item.}}
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
      version integer not null default 1,
      constraint items_label_length check (char_length(label) between 1 and 80)
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        put:
          operationId: replaceItem
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
            - {name: If-Match, in: header, required: true, schema: {type: string, maxLength: 80}}
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses: {"204": {description: Done.}, "404": {description: No such item.}, "422": {description: No item.}}
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
      version text not null default '',
      constraint items_label_length check (char_length(label) between 1 and 80)
    );
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        put:
          operationId: replaceItem
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
          requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewItem"}}}}
          responses: {"204": {description: Done.}, "404": {description: No such item.}, "422": {description: No item.}}
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

    Precision: Only integer columns called version, row_version, lock_version or revision, and timestamps of SQL
    Server's rowversion. The server may lock inside one transaction and need no version from outside.

    Source: RFC 9110, section 13.1.1 (If-Match); Zalando RESTful API guidelines, rule 182.
    """
    for operation in facts.contract.operations:
        if operation.method not in ("PUT", "PATCH") or operation.path.rstrip("/").endswith(("/me", "/settings")):
            continue
        table = facts.matching.at_path(operation.path)
        column = next((each for each in table.columns if _counts(each)), None) if table else None
        if table is None or column is None:
            continue
        headers = {parameter.name.lower() for parameter in operation.parameters}
        sent = {folded(name) for name in facts.body_names(operation)}
        if not headers & {"if-match", "if-unmodified-since", "etag"} and folded(column.name) not in sent:
            message = f"{operation.symbol} changes {table.key}, which has {column.name}, and takes no If-Match."
            yield operation.node.flaw(
                operation.symbol, message, "Take If-Match, or the version in the body.", (column.at,)
            )


def _counts(column: Column) -> bool:
    """Whether a column counts the versions of its row."""
    counted = folded(column.name) in ("version", "rowversion", "lockversion", "revision")
    return counted and (column.type.family == "integer" or column.type.name.lower() == "rowversion")
