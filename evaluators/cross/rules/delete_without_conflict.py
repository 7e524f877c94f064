"""The rule delete-without-conflict."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.cross.matching import marks_deleted
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("delete-without-conflict", family="cross", severity=Severity.WARNING)
def delete_without_conflict(facts: Facts) -> Iterator[Flaw]:
    """A row that others must refer to can be deleted, and the operation does not declare 409.

    Why: The database refuses to delete a row that is still used. Without a declared answer the client learns of it
    as a 500.

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
      /makers/{id}:
        delete:
          operationId: deleteMaker
          parameters: [{name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}]
          responses:
            "204": {description: Gone.}
            "404": {description: No such maker.}
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
      /makers/{id}:
        delete:
          operationId: deleteMaker
          parameters: [{name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}]
          responses:
            "204": {description: Gone.}
            "404": {description: No such maker.}
            "409": {description: Still used.}
    ```

    Boundary:
    ```sql schema.sql
    create table makers (id bigint generated always as identity primary key);
    create table items (
      id bigint generated always as identity primary key,
      maker_id bigint not null references makers (id) on delete cascade,
      label text not null,
      constraint items_label_length check (char_length(label) <= 80)
    );
    create index items_maker_idx on items (maker_id);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /makers/{id}:
        delete:
          operationId: deleteMaker
          parameters: [{name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}]
          responses:
            "204": {description: Gone.}
            "404": {description: No such maker.}
    ```

    Precision: A table with a column such as deleted_at or archived_at is left alone, since its DELETE may only mark
    the row. The resource is matched by the path.

    Source: PostgreSQL error 23503, foreign_key_violation; RFC 9110, section 15.5.10.
    """
    for operation in facts.contract.operations:
        table = facts.matching.at_path(operation.path) if operation.method == "DELETE" else None
        if table is None or operation.response("409") is not None or marks_deleted(table):
            continue
        holding = [
            (other, key)
            for other, key in facts.schema.references_to(table.key)
            if key.on_delete in ("", "restrict", "no action") and other.key != table.key
        ]
        if holding:
            other = holding[0][0]
            message = (
                f"{operation.symbol} declares no 409, and rows of {other.key} keep a row of {table.key} from going."
            )
            at = operation.node.get("responses") or operation.node
            yield at.flaw(operation.symbol, message, "Declare 409.", tuple(each.at for _, each in holding))
