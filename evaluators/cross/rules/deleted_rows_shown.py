"""The rule deleted-rows-shown."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.asking import asks_of, gone
from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("deleted-rows-shown", family="cross", severity=Severity.WARNING)
def deleted_rows_shown(facts: Facts) -> Iterator[Flaw]:
    """A query reads rows that count as deleted, where the others leave them out.

    Why: What a user deleted comes back in one list or one detail, and nobody sees why.

    Bad:
    ```sql schema.sql
    create table users (id bigint generated always as identity primary key);
    create table notes (
      id bigint generated always as identity primary key,
      owner_id bigint not null references users (id) on delete cascade,
      body text not null,
      deleted_at timestamptz
    );
    create index notes_owner_idx on notes (owner_id);
    ```
    ```python app/store.py
    import asyncpg


    async def live(db, user):
        return await db.fetch("SELECT id FROM notes WHERE owner_id = $1 AND deleted_at IS NULL", user)


    async def find(db, user, text):
        return await db.fetch("SELECT id FROM notes WHERE owner_id = $1 AND body = $2", user, text)
    ```

    Good:
    ```sql schema.sql
    create table users (id bigint generated always as identity primary key);
    create table notes (
      id bigint generated always as identity primary key,
      owner_id bigint not null references users (id) on delete cascade,
      body text not null,
      deleted_at timestamptz
    );
    create index notes_owner_idx on notes (owner_id);
    ```
    ```python app/store.py
    import asyncpg


    async def live(db, user):
        return await db.fetch("SELECT id FROM notes WHERE owner_id = $1 AND deleted_at IS NULL", user)


    async def find(db, user, text):
        return await db.fetch("SELECT id FROM notes WHERE owner_id = $1 AND id > $2 AND deleted_at IS NULL", user, text)
    ```

    Boundary:
    ```sql schema.sql
    create table users (id bigint generated always as identity primary key);
    create table notes (
      id bigint generated always as identity primary key,
      owner_id bigint not null references users (id) on delete cascade,
      body text not null,
      deleted_at timestamptz
    );
    create index notes_owner_idx on notes (owner_id);
    ```
    ```python app/store.py
    import asyncpg


    async def live(db, user):
        return await db.fetch("SELECT id FROM notes WHERE owner_id = $1 AND deleted_at IS NULL", user)


    async def find(db, user, text):
        return await db.fetch("SELECT deleted_at FROM notes WHERE owner_id = $1 AND body = $2", user, text)
    ```

    Precision: Said only where another query on the table filters by the column. A query that reads the column
    along, or speaks of a bin, a trash, an archive, a history or an administrator, is left alone.

    Source: Found in generated services: soft delete in one query of three.
    """
    asked = [each for each in asks_of(facts) if each.kind == "select"]
    for each in asked:
        column = gone(each.table)
        if column is None or each.open or each.administrative or column.name in (*each.read, *each.filtered):
            continue
        usual = [other for other in asked if other.table is each.table and column.name in other.filtered]
        if usual and not each.counted:
            message = f"{each.name} reads rows of {each.table.key} with any {column.name}, {usual[0].name} does not."
            yield Flaw(
                f"{each.name} {each.table.key}", each.at, message, "", f"Filter by {column.name}.", (usual[0].at,)
            )
