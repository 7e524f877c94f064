"""The rule owner-not-filtered."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.asking import asks_of, owner_of
from evaluators.cross.facts import Facts
from evaluators.cross.given import by_rows
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("owner-not-filtered", family="cross", severity=Severity.WARNING, security=True)
def owner_not_filtered(facts: Facts) -> Iterator[Flaw]:
    """A query reads or changes rows by their key alone, where the others also ask for the owner.

    Why: Whoever knows or guesses an id gets at the rows of somebody else. This is the commonest hole of generated
    services.

    Bad:
    ```sql schema.sql
    create table users (id bigint generated always as identity primary key);
    create table notes (
      id bigint generated always as identity primary key,
      owner_id bigint not null references users (id) on delete cascade,
      body text not null
    );
    create index notes_owner_idx on notes (owner_id);
    ```
    ```python app/store.py
    import asyncpg


    async def all(db, user):
        return await db.fetch("SELECT id, body FROM notes WHERE owner_id = $1", user)


    async def one(db, id):
        return await db.fetchrow("SELECT id, body FROM notes WHERE id = $1", id)
    ```

    Good:
    ```sql schema.sql
    create table users (id bigint generated always as identity primary key);
    create table notes (
      id bigint generated always as identity primary key,
      owner_id bigint not null references users (id) on delete cascade,
      body text not null
    );
    create index notes_owner_idx on notes (owner_id);
    ```
    ```python app/store.py
    import asyncpg


    async def all(db, user):
        return await db.fetch("SELECT id, body FROM notes WHERE owner_id = $1", user)


    async def one(db, id, user):
        return await db.fetchrow("SELECT id, body FROM notes WHERE id = $1 AND owner_id = $2", id, user)
    ```

    Boundary:
    ```sql schema.sql
    create table users (id bigint generated always as identity primary key);
    create table notes (
      id bigint generated always as identity primary key,
      owner_id bigint not null references users (id) on delete cascade,
      body text not null,
      shared boolean not null default false,
      likes bigint not null default 0 check (likes >= 0)
    );
    create index notes_owner_idx on notes (owner_id);
    ```
    ```python app/store.py
    import asyncpg


    async def all(db, user):
        return await db.fetch("SELECT id, body FROM notes WHERE owner_id = $1", user)


    async def one(db, id):
        return await db.fetchrow("SELECT id, body, owner_id FROM notes WHERE id = $1", id)


    async def seen(db, id, user):
        row = await db.fetchrow("SELECT id, body FROM notes WHERE id = $1 AND (shared OR owner_id = $2)", id, user)
        if row is None:
            raise LookupError(id)
        return row


    async def like(db, id, user):
        await seen(db, id, user)
        await db.execute("UPDATE notes SET likes = likes + 1 WHERE id = $1", id)


    async def hold(db, id):
        await db.execute("SELECT id FROM notes WHERE id = $1 FOR SHARE", id)


    async def name(db, id):
        return await db.fetchval("SELECT body FROM notes WHERE id = $1", id)


    async def copy(db, id, user):
        link = await db.fetchrow("SELECT id, note_id, owner_id FROM links WHERE id = $1 AND owner_id = $2", id, user)
        return await name(db, link.note_id)


    async def remove(db, id, user):
        row = await one(db, id)
        if row["owner_id"] != user.id and not user.moderates:
            raise PermissionError(id)
        await db.execute("DELETE FROM notes WHERE id = $1", id)
    ```

    Precision: Said only where another query on the table filters by the column, and never where the owner is read
    along (the code may compare it), locked first, joined, or asked for by administrators; nor of a change before which
    the owner was compared or asked for: who may see a row may like it, and a moderator hides it. A query that reads
    the key alone tells nothing but that the row is there, and is left alone; so is one whose key every caller takes
    from a row that it read before. Row-level security in force keeps the rule silent.

    Source: OWASP API1:2023, Broken Object Level Authorization; CWE-639.
    """
    asked = [each for each in asks_of(facts) if owner_of(each.table) is not None]
    for each in asked:
        owner = owner_of(each.table)
        if owner is None or each.open or each.administrative or each.table.row_security or owner.name in each.read:
            continue
        usual = [other for other in asked if other.table is each.table and owner.name in other.filtered]
        if {owner.name.lower(), "*"} & each.looked_at:
            continue
        if any(other.name in each.before for other in usual):
            continue
        if each.kind == "select" and not each.whole and each.read and each.read <= set(each.table.primary_columns):
            continue
        if usual and owner.name not in each.filtered and each.by_key and not by_rows(facts.code, each.around):
            message = (
                f"{each.name} takes a row of {each.table.key} by its key alone, {usual[0].name} also by {owner.name}."
            )
            yield Flaw(
                f"{each.name} {each.table.key}",
                each.at,
                message,
                "",
                f"Add {owner.name} to the condition.",
                (usual[0].at,),
            )
