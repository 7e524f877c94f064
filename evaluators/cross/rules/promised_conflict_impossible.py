"""The rule promised-conflict-impossible."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.cross.matching import marks_deleted
from evaluators.cross.refusing import refused_by_state
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("promised-conflict-impossible", family="cross", severity=Severity.WARNING)
def promised_conflict_impossible(facts: Facts) -> Iterator[Flaw]:
    """DELETE promises 409, and the schema deletes what refers to the row with it.

    Why: The contract says that a row in use stays, and the schema says that everything that uses it goes too. One
    of the two is not meant, and the schema wins.

    Bad:
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
            "409": {description: Still used by items.}
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
      maker_id bigint references makers (id) on delete set null,
      label text not null,
      constraint items_label_length check (char_length(label) <= 80)
    );
    create index items_maker_idx on items (maker_id);
    create table parts (
      id bigint generated always as identity primary key,
      item_id bigint not null references items (id) on delete cascade
    );
    create index parts_item_idx on parts (item_id);
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
            "409": {description: Being changed.}
      /items/{id}:
        delete:
          operationId: deleteItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}]
          responses:
            "204": {description: Gone.}
            "404": {description: No such item.}
            "409": {description: Already sold.}
    ```
    ```python app/main.py
    from fastapi import FastAPI, HTTPException

    from app.store import fetch, remove

    app = FastAPI()


    @app.delete("/items/{id}", status_code=204)
    def delete_item(id: int) -> None:
        item = fetch(id)
        if item is None:
            raise HTTPException(404)
        if item["state"] != "new":
            raise HTTPException(409)
        remove(id)
    ```

    Precision: Said only where every reference to the table cascades, and not where the code gives 409 for the state
    of the row itself (`if post.status != "draft"`). A handler may look before it deletes in other ways, so it is a
    warning.

    Source: PostgreSQL documentation, Constraints: Foreign Keys (ON DELETE).
    """
    for operation in facts.contract.operations:
        table = facts.matching.at_path(operation.path) if operation.method == "DELETE" else None
        conflict = next((each for each in operation.responses if each.status == "409"), None)
        if table is None or conflict is None or marks_deleted(table):
            continue
        keys = [(other, key) for other, key in facts.schema.references_to(table.key) if other.key != table.key]
        if keys and all(key.on_delete == "cascade" for _, key in keys) and not refused_by_state(facts, operation, 409):
            names = ", ".join(sorted({other.key for other, _ in keys}))
            message = f"{operation.symbol} declares 409, and deleting a row of {table.key} deletes its {names}."
            hint = "Refuse by ON DELETE RESTRICT, or drop the 409."
            yield conflict.written.flaw(operation.symbol, message, hint, tuple(key.at for _, key in keys))
