"""Rows in the order of foreign keys, with values that the CHECKs allow, the same every time."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import pytest

from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.service.seeding import Seeds, Sqlite, _fill, ordered, seeded, users_table
from evaluators.service.tables import tables_of
from evaluators.sql.live import loaded_database

HARD = """
CREATE TYPE mood AS ENUM ('calm', 'angry');
CREATE DOMAIN iban AS text CHECK (VALUE ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$' OR VALUE = 'DE00X');
CREATE TABLE currencies (code char(3) PRIMARY KEY);
INSERT INTO currencies VALUES ('CHF'), ('EUR');
CREATE TABLE app_users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email varchar(40) NOT NULL UNIQUE CHECK (email ~ '^[^@ ]+@[^@ ]+[.][a-z]+$'),
    password_hash text NOT NULL CHECK (length(password_hash) >= 60),
    role text NOT NULL CHECK (role IN ('admin', 'clerk')),
    feeling mood NOT NULL,
    is_active boolean NOT NULL
);
CREATE TABLE wallets (
    id bigserial PRIMARY KEY,
    owner uuid NOT NULL REFERENCES app_users (id),
    code char(3) NOT NULL REFERENCES currencies (code),
    iban iban NOT NULL,
    balance numeric(12, 2) NOT NULL DEFAULT 0 CHECK (balance BETWEEN 0 AND 5000),
    opened date NOT NULL,
    closed date NOT NULL,
    tags text[] NOT NULL,
    extra jsonb NOT NULL,
    doubled numeric GENERATED ALWAYS AS (balance * 2) STORED,
    parent_id bigint REFERENCES wallets (id),
    CHECK (closed > opened)
);
CREATE TABLE payments (
    payer bigint NOT NULL REFERENCES wallets (id),
    payee bigint NOT NULL REFERENCES wallets (id),
    at timestamptz NOT NULL,
    amount integer NOT NULL CHECK (amount > 0 AND amount % 7 = 0),
    PRIMARY KEY (payer, payee, at),
    CHECK (payer <> payee)
);
CREATE TABLE impossible (id int PRIMARY KEY, n int NOT NULL CHECK (n > 5 AND n < 3));
CREATE TABLE after_it (id int PRIMARY KEY, impossible_id int NOT NULL REFERENCES impossible (id));
"""


def seed(schema: str, dialect: str = "postgres") -> tuple[Seeds, dict[str, int]]:
    async def made() -> tuple[Seeds, dict[str, int]]:
        async with Bench() as bench:
            subject = Subject(Draft.of({"schema.sql": schema}), dialect=dialect)
            database = await loaded_database(subject, bench)
            seeds = await seeded(database)
            await database.reset()
            return seeds, await database.row_counts()

    return asyncio.run(made())


def test_a_hard_schema_gets_rows_that_its_constraints_allow() -> None:
    seeds, counts = seed(HARD)
    assert counts == {
        "after_it": 0,
        "app_users": 3,
        "currencies": 2,
        "impossible": 0,
        "payments": 5,
        "wallets": 5,
    }
    assert set(seeds.skipped) == {"impossible", "after_it"}
    assert seeds.skipped["after_it"] == "needs a row of impossible"
    assert seeds.skipped["impossible"].startswith("SQLSTATE 23514")
    assert seeds.users == "app_users"
    assert seeds.ids("app_users") == ["a0000000-0000-4000-8000-000000000001"]
    assert seeds.ids("app_users", "b") == ["b0000000-0000-4000-8000-000000000001"]
    assert {str(row["owner"]) for row in seeds.rows["wallets"]["b"]} == set(seeds.ids("app_users", "b"))
    assert all(row["balance"] > 0 for row in seeds.rows["wallets"]["a"])
    assert seeds.ids("payments") == [], "a key of several columns is no id"


def test_rows_of_one_identity_point_to_its_own_rows() -> None:
    schema = """
    CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL UNIQUE);
    CREATE TABLE notes (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id), n text NOT NULL);
    CREATE TABLE comments (id integer PRIMARY KEY, note_id integer NOT NULL REFERENCES notes, at timestamp NOT NULL);
    """
    seeds, counts = seed(schema, "sqlite")
    assert counts == {"comments": 5, "notes": 5, "users": 3} and not seeds.skipped
    for who in ("a", "b"):
        mine = {row["id"] for row in seeds.rows["notes"][who]}
        assert {row["note_id"] for row in seeds.rows["comments"][who]} <= mine
        assert {row["user_id"] for row in seeds.rows["notes"][who]} == {seeds.rows["users"][who][0]["id"]}


def local(schema: str) -> sqlite3.Connection:
    made = sqlite3.connect(":memory:", isolation_level=None)
    made.row_factory = sqlite3.Row
    made.executescript(schema)
    return made


def test_the_same_schema_gets_the_same_rows() -> None:
    schema = "CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL, kind text NOT NULL CHECK (kind = 'x''y'))"
    sessions = [local(schema), local(schema)]
    one, other = (_fill(Sqlite(session)) for session in sessions)
    for session in sessions:
        session.close()
    assert one.rows == other.rows
    assert one.rows["users"]["a"][0]["kind"] == "x'y"


@pytest.mark.parametrize(
    ("schema", "order"),
    [
        ("CREATE TABLE a (b REFERENCES b); CREATE TABLE b (c REFERENCES c); CREATE TABLE c (x)", "cba"),
        ("CREATE TABLE a (b NOT NULL REFERENCES b); CREATE TABLE b (a REFERENCES a)", "ba"),
        ("CREATE TABLE a (a REFERENCES a)", "a"),
        ("CREATE TABLE a (b NOT NULL REFERENCES b); CREATE TABLE b (a NOT NULL REFERENCES a)", "ab"),
    ],
)
def test_what_a_row_needs_comes_before_it(schema: str, order: str) -> None:
    session = local(schema)
    assert "".join(table.name for table in ordered(tables_of(session, "sqlite"))) == order
    session.close()


@pytest.mark.parametrize(
    ("names", "users"),
    [
        ({"users": ["id", "email"], "accounts": ["id", "owner"]}, "users"),
        ({"accounts": ["id", "email"], "profiles": ["id"]}, "accounts"),
        ({"customers": ["id", "password_hash"], "users": ["id"]}, "customers"),
        ({"things": ["id"]}, None),
    ],
)
def test_the_table_of_users_is_known_by_name_and_columns(names: dict[str, list[str]], users: Any) -> None:
    session = local(";".join(f"CREATE TABLE {name} ({', '.join(columns)})" for name, columns in names.items()))
    assert users_table(tables_of(session, "sqlite")) == users
    session.close()
