"""The database of a service that runs already: what may be written, and that it is put back."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from evaluators.bench import Bench
from evaluators.draft import Elsewhere
from evaluators.service.database import NoDatabase, postgres
from evaluators.service.oracle import Unseen
from evaluators.service.remote import rows_of
from evaluators.service.remote_database import OpenFile, opened

SCHEMA = """
CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,
    shown text GENERATED ALWAYS AS (upper(name)) STORED);
CREATE TABLE notes (id bigserial PRIMARY KEY, owner_id bigint NOT NULL REFERENCES people (id), body bytea);
INSERT INTO people (name) VALUES ('Ann'), ('Bob');
INSERT INTO notes (owner_id, body) VALUES (1, '\\x00ff'), (2, NULL);
"""
SEEN = """
SELECT (SELECT json_agg(p) FROM people p), (SELECT json_agg(n) FROM notes n), (SELECT last_value FROM notes_id_seq),
    (SELECT count(*) FROM pg_namespace WHERE nspname ~ 'backwright')
"""


def url_of(said: dict[str, Any]) -> str:
    """The address that a program would use."""
    who = f"{quote(said['user'])}:{quote(said['password'])}"
    return f"postgresql://{who}@{quote(said['host'], safe='')}:{said['port']}/{said['dbname']}"


def test_postgresql_is_put_back_as_it_was() -> None:
    async def told() -> tuple[Any, Any, Any]:
        async with Bench() as bench:
            made = await (await bench.the(postgres)).create("app")
            with psycopg.connect(**made.admin, autocommit=True) as session:
                session.execute(SCHEMA)
                before = session.execute(SEEN).fetchone()
                async with opened(Elsewhere("", url_of(made.admin), reset=True)) as database:
                    await database.seal()
                    session.execute("DELETE FROM people WHERE false; INSERT INTO people (name) VALUES ('Cyd')")
                    session.execute("UPDATE notes SET body = 'x'; INSERT INTO notes (owner_id) VALUES (3)")
                    session.execute("DELETE FROM notes WHERE id = 2")
                    between = session.execute(SEEN).fetchone()
                return before, between, session.execute(SEEN).fetchone()

    before, between, after = asyncio.run(told())
    assert before == after
    assert before != between


def test_reset_wants_a_superuser_and_looking_does_not() -> None:
    async def told() -> tuple[str, dict[str, Any]]:
        async with Bench() as bench:
            made = await (await bench.the(postgres)).create("app")
            with psycopg.connect(**made.owner, autocommit=True) as session:
                session.execute(SCHEMA)
            async with rows_of(Elsewhere("", url_of(made.owner))) as database, database.looking() as look:
                seen = await look.everything()
                with pytest.raises(Unseen, match="--reset"):
                    await look.execute("DELETE FROM notes")
                with pytest.raises(Unseen):
                    psycopg.connect(**database.admin)
            with pytest.raises(NoDatabase) as error:
                async with rows_of(Elsewhere("", url_of(made.owner), reset=True)):
                    pass
            return str(error.value), seen

    error, seen = asyncio.run(told())
    assert "superuser" in error
    assert [row["name"] for row in seen["people"]] == ["Ann", "Bob"]


def test_a_sqlite_file_is_looked_at_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as session, session:
        session.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)")
        session.execute("INSERT INTO notes (body) VALUES ('one')")

    async def told() -> list[dict[str, Any]]:
        async with rows_of(Elsewhere("", f"sqlite:///{path}")) as database, database.looking() as look:
            with pytest.raises(Unseen):
                await look.execute("DELETE FROM notes")
            await database.reset()
            return (await look.everything())["notes"]

    assert asyncio.run(told()) == [{"id": 1, "body": "one"}]
    assert [each.name for each in tmp_path.iterdir()] == ["app.db"]


def test_others_may_not_write_while_a_sqlite_file_is_held(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as session, session:
        session.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)")

    def written() -> bool:
        with closing(sqlite3.connect(path, timeout=0)) as session:
            try:
                session.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            return True

    async def told() -> list[bool]:
        async with opened(Elsewhere("", f"sqlite:///{path}", reset=True)) as database:
            seen = [written()]
            assert isinstance(database, OpenFile) and await database.hold()
            seen.append(written())
            await database.free()
            seen.append(written())
            assert await database.hold()
            await database.reset()
            return [*seen, written()]

    assert asyncio.run(told()) == [True, False, True, True]


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 20)

    async def told() -> None:
        async with rows_of(Elsewhere("", f"sqlite:///{path}")):
            pass

    with pytest.raises(NoDatabase, match="cannot be read"):
        asyncio.run(told())


def test_without_a_database_rows_are_not_taken_for_none() -> None:
    async def told() -> None:
        async with rows_of(Elsewhere("")) as database, database.looking() as look:
            assert await look.everything() == {}
            for asked in (look.execute("DELETE FROM notes"), database.row_counts(), database.rows("notes")):
                with pytest.raises(Unseen, match="--database"):
                    await asked

    asyncio.run(told())
