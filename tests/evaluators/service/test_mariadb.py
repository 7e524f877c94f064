"""Judged services of MySQL's dialect get a MariaDB of their own, and the gate looks in."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pymysql
import pytest
from sandbox_guests import without_root

from evaluators.bench import Bench
from evaluators.service import mariadb as server_module
from evaluators.service.database import Database, NoDatabase, Server, mariadb
from evaluators.service.mariadb_rows import SLEEPING
from evaluators.service.mariadb_session import connected, fetched
from evaluators.service.sandbox import Confined, python_binds, run
from evaluators.service.seeding import seeded, tables_in
from evaluators.service.tables import ForeignKey


def on_mariadb(act: Callable[[Server], Awaitable[None]]) -> None:
    """Do something with a running server."""

    async def main() -> None:
        async with Bench() as bench:
            await act(await bench.the(mariadb))

    asyncio.run(main())


@contextlib.contextmanager
def service_session(database: Database) -> Any:
    """A session as the service's role has it."""
    with connected(database.owner, first="") as session, session.cursor() as cursor:
        yield cursor


def as_service(database: Database, *statements: str) -> list[Any]:
    """What the last statement returns when the service's role runs them."""
    with service_session(database) as cursor:
        for statement in statements:
            cursor.execute(statement)
        return list(cursor.fetchall())


def test_a_service_reaches_its_database_over_tcp_and_the_gate_sees_its_rows() -> None:
    code = """
import os, pymysql, urllib.parse
url = urllib.parse.urlparse(os.environ["DATABASE_URL"])
session = pymysql.connect(
    host=url.hostname, port=url.port, user=url.username, password=url.password, database=url.path[1:], autocommit=True
)
cursor = session.cursor()
cursor.execute("CREATE TABLE notes (id int AUTO_INCREMENT PRIMARY KEY, text text)")
cursor.executemany("INSERT INTO notes (text) VALUES (%s)", [("é" * 1000,)] * 2000)
cursor.execute("SELECT sum(char_length(text)) FROM notes")
print(cursor.fetchone(), os.listdir("/sys/class/net") if os.path.isdir("/sys/class/net") else ["lo"])
"""

    async def act(server: Server) -> None:
        database = await server.create("app")
        assert database.service_url == "mysql://app:app@127.0.0.1:3306/app" and database.dialect == "mysql"
        python = Path(sys.executable)
        confined = Confined(
            (str(python), "-c", code),
            env={"DATABASE_URL": database.service_url},
            binds=(*python_binds(python), *database.binds),
            reaches=database.reaches,
        )
        outcome = await run(confined)
        assert (outcome.stdout, outcome.stderr) == ("(Decimal('2000000'),) ['lo']\n", "")
        assert await database.row_counts() == {"notes": 2000}
        assert (await database.rows("notes", 1))[0]["text"] == "é" * 1000

    on_mariadb(act)


def test_hostile_sql_stays_in_its_place() -> None:
    refused = (
        "SELECT * FROM mysql.global_priv",
        "LOAD DATA INFILE '/etc/passwd' INTO TABLE t",
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "CREATE USER other",
        "GRANT ALL ON *.* TO app@localhost",
        "SET GLOBAL max_connections = 1",
        "CREATE DATABASE other",
        "INSTALL SONAME 'disks'",
        "SHUTDOWN",
        "USE backwright_sealed_app",
        "SELECT * FROM appx.t",
        "CREATE DEFINER = gate@localhost VIEW v AS SELECT 1",
    )

    async def act(server: Server) -> None:
        database = await server.create("app_1")
        await server.create("appx1")
        as_service(database, "CREATE TABLE t (x text)", "INSERT INTO t VALUES (1)")
        await database.seal()
        for statement in refused:
            with pytest.raises(pymysql.Error) as caught:
                as_service(database, statement)
            assert caught.value.args[0] in (1044, 1045, 1142, 1227, 1698), statement
        assert as_service(database, "SELECT load_file('/etc/passwd')") == [(None,)]
        for changed in ({"database": "mysql"}, {"user": "root", "password": ""}, {"user": "gate"}, {"password": ""}):
            with pytest.raises(pymysql.OperationalError):
                pymysql.connect(**{**database.owner, **changed})

    on_mariadb(act)


MADE = (
    "CREATE TABLE owners (id bigint AUTO_INCREMENT PRIMARY KEY, name varchar(20) UNIQUE, "
    "loud varchar(20) GENERATED ALWAYS AS (concat(name, '!')) STORED, born datetime DEFAULT '2024-01-02 03:04:05')",
    "CREATE TABLE items (id int AUTO_INCREMENT PRIMARY KEY, owner bigint NOT NULL, price decimal(8,2), code binary(2), "
    "FOREIGN KEY (owner) REFERENCES owners (id) ON DELETE CASCADE)",
    "CREATE TABLE log (id int AUTO_INCREMENT PRIMARY KEY, text varchar(40))",
    "INSERT INTO owners (name) VALUES ('a'), ('b')",
    "INSERT INTO items (owner, price, code) VALUES (1, 1.50, 'xy')",
    'CREATE TRIGGER first BEFORE INSERT ON owners FOR EACH ROW SET NEW.name = concat(NEW.name, "1")',
    "CREATE TRIGGER second BEFORE INSERT ON owners FOR EACH ROW FOLLOWS first BEGIN "
    "IF NEW.name LIKE 'no%' THEN SIGNAL SQLSTATE '45000'; END IF; SET NEW.name = concat(NEW.name, '2'); END",
    "CREATE TRIGGER gone AFTER DELETE ON items FOR EACH ROW INSERT INTO log (text) VALUES ('deleted')",
)


def test_reset_goes_back_to_the_seal_under_a_running_session() -> None:
    async def act(server: Server) -> None:
        database = await server.create("app")
        as_service(database, *MADE)
        await database.seal()
        await database.seal()
        with service_session(database) as cursor:
            async with database.looking() as look:
                before = await look.everything()
                assert before["items"] == [{"id": 1, "owner": 1, "price": 1.5, "code": "7879"}]
                assert before["owners"][0]["born"] == "2024-01-02T03:04:05"
                cursor.execute("DELETE FROM owners WHERE id = 1")
                cursor.execute("INSERT INTO owners (name) VALUES ('c')")
                cursor.execute("UPDATE owners SET name = 'x' WHERE id = 2")
                after = await look.everything()
                assert [row["name"] for row in after["owners"]] == ["x", "c12"], "the service's triggers still run"
                assert after["items"] == []
                await look.reset(["owners", "items", "log"])
                assert await look.everything() == before
                cursor.execute("INSERT INTO owners (name) VALUES ('d')")
                assert cursor.lastrowid == 3
            cursor.execute("CREATE TABLE later (x int)")
            cursor.execute("INSERT INTO later VALUES (1)")
            await database.reset()
            assert await database.row_counts() == {"items": 1, "later": 0, "log": 0, "owners": 2}
            with pytest.raises(pymysql.Error):
                cursor.execute("INSERT INTO items (owner) VALUES (99)")

    on_mariadb(act)


@pytest.mark.parametrize("held", ["UPDATE owners SET name = 'z'", "SELECT * FROM owners"])
def test_a_transaction_that_was_forgotten_holds_no_reset_up(held: str) -> None:
    async def act(server: Server) -> None:
        database = await server.create("app")
        as_service(database, *MADE[:1], "INSERT INTO owners (name) VALUES ('a')")
        await database.seal()
        idle = pymysql.connect(**database.owner)
        forgotten = pymysql.connect(**database.owner, autocommit=False)
        forgotten.cursor().execute(held)
        as_service(database, "INSERT INTO owners (name) VALUES ('b')") if held.startswith("SELECT") else None
        begun = time.monotonic()
        await database.reset()
        assert time.monotonic() - begun < 4
        assert [row["name"] for row in await database.rows("owners")] == ["a"]
        assert idle.cursor().execute("SELECT 1") == 1, "who sleeps without a transaction is left alone"
        with pytest.raises(pymysql.Error):
            forgotten.cursor().execute("SELECT 1")
        for each in (idle, forgotten):
            if each.open:
                each.close()

    on_mariadb(act)


def test_a_look_runs_statements_of_the_gate_and_takes_instants() -> None:
    async def act(server: Server) -> None:
        database = await server.create("app")
        as_service(database, *MADE)
        await database.seal()
        async with database.looking() as look:
            changed = await look.execute(
                'UPDATE "owners" SET "born" = ? WHERE "name" = ?', ("2030-05-06T07:08:09Z", "a")
            )
            assert changed == 1
            assert (await look.everything())["owners"][0]["born"] == "2030-05-06T07:08:09"
            with pytest.raises(NoDatabase, match="1452"):
                await look.execute('INSERT INTO "items" ("owner") VALUES (?)', (99,))
            await look.reset(["owners"])
            assert (await look.everything())["owners"][0]["born"] == "2024-01-02T03:04:05"

    on_mariadb(act)


SCHEMA = (
    "CREATE TABLE users (id int unsigned AUTO_INCREMENT PRIMARY KEY, email varchar(40) NOT NULL UNIQUE, "
    "role enum('admin','user') NOT NULL, password_hash varchar(255) NOT NULL, active tinyint(1) NOT NULL DEFAULT 1, "
    "born year NOT NULL)",
    "CREATE TABLE products (id binary(16) PRIMARY KEY, code varchar(8) NOT NULL UNIQUE "
    "CHECK (code REGEXP '^[A-Z]{3}-[0-9]{2}$'), data json, notes mediumtext, wakes time NOT NULL, flags set('x','y') "
    "NOT NULL, stock int NOT NULL, CONSTRAINT some CHECK (stock >= 0 AND stock < 5000))",
    "CREATE TABLE orders (id char(36) PRIMARY KEY, user_id int unsigned NOT NULL, due_at datetime(3) NOT NULL, "
    "status varchar(12) NOT NULL, total decimal(12,2) AS (1 + 1) STORED, product binary(16) NOT NULL, "
    "CONSTRAINT st CHECK (status IN ('open', 'it''s', 'closed')), UNIQUE KEY both_ (user_id, due_at), "
    "FOREIGN KEY (user_id) REFERENCES users (id), FOREIGN KEY (product) REFERENCES products (id))",
)


def test_tables_are_told_and_filled_as_their_constraints_ask() -> None:
    async def act(server: Server) -> None:
        database = await server.create("app")
        as_service(database, *SCHEMA)
        orders, products, users = await tables_in(database)
        assert (orders.key, orders.unique) == (("id",), ("id",))
        assert set(orders.foreign_keys) == {
            ForeignKey(("user_id",), "users", ("id",)),
            ForeignKey(("product",), "products", ("id",)),
        }
        told = {each.name: (each.type, each.length) for table in (orders, products) for each in table.columns}
        assert told["due_at"] == ("timestamp", None) and told["data"] == ("json", None)
        assert told["id"] == ("binary", 16) and told["notes"] == ("text", None)
        assert [each.name for each in orders.columns if each.computed] == ["total"]
        assert [(each.name, each.columns) for each in products.checks] == [("code", ("code",)), ("some", ("stock",))]
        role, active = users.column("role"), users.column("active")
        assert role is not None and role.labels == ("admin", "user")
        assert active is not None and (active.type, active.has_default) == ("boolean", True)
        seeds = await seeded(database)
        assert seeds.skipped == {} and seeds.users == "users"
        counts = {name: [len(held[who]) for who in ("a", "b")] for name, held in seeds.rows.items()}
        assert counts == {"users": [1, 1], "products": [5, 3], "orders": [6, 3]}
        assert {row["status"] for row in seeds.rows["orders"]["a"]} == {"open", "it's", "closed"}
        assert seeds.rows["users"]["a"][0]["role"] == "user"
        async with database.looking() as look:
            shown = [row["id"] for row in (await look.everything())["products"]]
        assert sorted(shown) == sorted(seeds.ids("products") + seeds.ids("products", "b"))

    on_mariadb(act)


def test_databases_are_dropped_and_a_name_is_taken_once() -> None:
    async def act(server: Server) -> None:
        await server.create("app")
        with pytest.raises(NoDatabase, match=r"the database app cannot be made \(1007\)"):
            await server.create("app")
        await server.drop("app")
        database = await server.create("app")
        assert await database.row_counts() == {}
        with connected(database.admin) as session:
            assert fetched(session, SLEEPING) == []

    on_mariadb(act)


def test_without_a_server_the_line_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module.shutil, "which", lambda name, path: None)
    with pytest.raises(NoDatabase, match=r"is not installed: apt-get install mariadb-server$"):
        on_mariadb(lambda server: asyncio.sleep(0))


def test_a_server_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(server_module.SETTINGS, "character-set-server", "nonesuch")
    with pytest.raises(NoDatabase, match=r"MariaDB did not start: .*nonesuch"):
        on_mariadb(lambda server: asyncio.sleep(0))


def test_a_server_that_dies_is_one_clear_error() -> None:
    async def act(server: Server) -> None:
        assert isinstance(server, server_module.Mariadb)
        database = await server.create("app")
        await server.process.stop(grace=0)
        with pytest.raises(NoDatabase, match=r"cannot be made \(2003\)"):
            await server.create("other")
        with pytest.raises(NoDatabase, match="the database app is gone"):
            async with database.looking():
                pass

    on_mariadb(act)


def test_a_gate_that_is_killed_leaves_no_server() -> None:
    script = """
import asyncio
from evaluators.bench import Bench
from evaluators.service.database import mariadb
async def main():
    async with Bench() as bench:
        server = await bench.the(mariadb)
        print(server.folder, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""
    gate = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert gate.stdout is not None
    folder = gate.stdout.readline().strip()
    assert holding(folder)
    os.kill(gate.pid, signal.SIGKILL)
    gate.wait()
    gate.stdout.close()
    until = time.monotonic() + 10
    while holding(folder) and time.monotonic() < until:
        time.sleep(0.05)
    assert holding(folder) == []


def holding(folder: str) -> list[str]:
    """The processes whose view of the disk has a folder."""
    found = []
    for mounts in Path("/proc").glob("[0-9]*/mountinfo"):
        with contextlib.suppress(OSError):
            if folder in mounts.read_text():
                found.append(mounts.parent.name)
    return found


def test_an_ordinary_user_has_the_same_database() -> None:
    script = """
import asyncio, os
from evaluators.bench import Bench
from evaluators.service.database import mariadb
async def main():
    assert os.geteuid() != 0
    async with Bench() as bench:
        database = await (await bench.the(mariadb)).create("app")
        print(database.dialect, await database.row_counts())
asyncio.run(main())
"""
    assert without_root(script) == "mysql {}\n"
