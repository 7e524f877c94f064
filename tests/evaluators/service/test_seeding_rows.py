"""Rows that several constraints allow, that differ in state and time, and that leave room for what is to be done."""

from __future__ import annotations

import sqlite3
from uuid import UUID

import pytest

from evaluators.service.filling import Filling
from evaluators.service.growing import crossing, states
from evaluators.service.inserting import Sqlite
from evaluators.service.seeding import Seeds, _fill
from evaluators.service.tables import Check, Column, Table, tables_of
from evaluators.service.values import candidates

PAYMENTS = """
CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL UNIQUE,
    role text NOT NULL CHECK (role IN ('admin', 'clerk')));
CREATE TABLE accounts (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id),
    number text NOT NULL UNIQUE, balance integer NOT NULL DEFAULT 0 CHECK (balance BETWEEN 0 AND 5000),
    reserved integer NOT NULL DEFAULT 0 CHECK (reserved <= balance),
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')));
CREATE TABLE payments (id integer PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('transfer', 'deposit', 'refund')),
    source_id integer REFERENCES accounts (id), target_id integer NOT NULL REFERENCES accounts (id),
    amount integer NOT NULL CHECK (amount > 0), settled_at text, note text,
    CONSTRAINT source_by_kind CHECK ((source_id IS NULL) = (kind = 'deposit')),
    CONSTRAINT settled_by_kind CHECK ((settled_at IS NULL) = (kind <> 'refund')),
    CHECK (source_id <> target_id));
CREATE TABLE scopes (user_id integer NOT NULL REFERENCES users (id),
    scope text NOT NULL CHECK (scope IN ('admin', 'stock:read')), PRIMARY KEY (user_id, scope));
CREATE TABLE events (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id),
    starts_at timestamp NOT NULL, ends_at timestamp NOT NULL, created_at timestamp NOT NULL,
    digest blob NOT NULL UNIQUE CHECK (length(digest) = 32), CHECK (ends_at > starts_at));
"""


def session(schema: str = PAYMENTS) -> Sqlite:
    made = sqlite3.connect(":memory:", isolation_level=None)
    made.row_factory = sqlite3.Row
    made.executescript(schema)
    made.execute("PRAGMA foreign_keys = on")
    return Sqlite(made)


def filled() -> tuple[Sqlite, Seeds]:
    opened = session()
    return opened, _fill(opened)


def table(seeds: Seeds, name: str) -> Table:
    found = seeds.table(name)
    assert found is not None
    return found


def test_each_state_gets_a_row_where_several_checks_hang_together() -> None:
    _, seeds = filled()
    assert not seeds.skipped
    kinds = {row["kind"] for row in seeds.rows["payments"]["a"]}
    assert kinds == {"transfer", "deposit", "refund"}
    assert all((row["source_id"] is None) == (row["kind"] == "deposit") for row in seeds.rows["payments"]["a"])


def test_there_is_money_to_spend_and_states_with_a_default_differ_too() -> None:
    _, seeds = filled()
    assert max(row["balance"] for row in seeds.rows["accounts"]["a"]) == 5000
    assert {row["status"] for row in seeds.rows["accounts"]["a"]} == {"open", "closed"}


def test_at_least_three_rows_of_a_and_one_without_children() -> None:
    _, seeds = filled()
    accounts = {row["id"] for row in seeds.rows["accounts"]["a"]}
    assert len(accounts) >= 3
    used = {row[name] for row in seeds.rows["payments"]["a"] for name in ("source_id", "target_id")}
    assert accounts - used


def test_nobody_is_made_an_administrator() -> None:
    _, seeds = filled()
    assert {row["role"] for who in ("a", "b") for row in seeds.rows["users"][who]} == {"clerk"}
    assert {row["scope"] for who in ("a", "b") for row in seeds.rows["scopes"][who]} == {"stock:read"}


def test_times_are_past_and_future_and_digests_differ() -> None:
    _, seeds = filled()
    events = seeds.rows["events"]["a"]
    assert {str(row["starts_at"])[:4] for row in events} == {"2024", "2030"}
    assert all(row["ends_at"] > row["starts_at"] and row["created_at"] < "2025" for row in events)
    assert len({row["digest"] for row in events}) == len(events) == 3


@pytest.mark.parametrize("name", ["published_at", "shown"])
def test_a_time_is_never_a_text_that_its_check_happens_to_let_pass(name: str) -> None:
    opened = session(f"""
    CREATE TABLE posts (id integer PRIMARY KEY, status text NOT NULL CHECK (status IN ('draft', 'published')),
        {name} text CHECK ({name} IS NULL
            OR strftime('%Y-%m-%dT%H:%M:%SZ', {name}) = {name}),
        CHECK ((status = 'draft') = ({name} IS NULL)));
    """)
    seeds = _fill(opened)
    published = [row[name] for row in seeds.rows["posts"]["a"] if row["status"] == "published"]
    assert published and all(len(each) == 20 and each.endswith("Z") for each in published)


def test_a_text_of_36_characters_is_a_uuid() -> None:
    opened = session("""
    CREATE TABLE posts (id text NOT NULL PRIMARY KEY CHECK (length(id) = 36), title text NOT NULL);
    CREATE TABLE notes (post text NOT NULL REFERENCES posts (id), mark text NOT NULL CHECK (length(mark) = 36));
    """)
    rows = _fill(opened).rows
    texts = [*(row["id"] for row in rows["posts"]["a"]), *(row["mark"] for row in rows["notes"]["a"])]
    assert len(texts) > 1
    assert all(str(UUID(each)) == each for each in texts)


def test_the_one_number_between_two_references_is_plenty_whatever_it_is_called() -> None:
    opened = session("""
    CREATE TABLE halls (id integer PRIMARY KEY);
    CREATE TABLE goods (id integer PRIMARY KEY, looks integer NOT NULL DEFAULT 0 CHECK (looks >= 0));
    CREATE TABLE lots (hall integer NOT NULL REFERENCES halls (id), good integer NOT NULL REFERENCES goods (id),
        lying integer NOT NULL DEFAULT 0 CHECK (lying >= 0), PRIMARY KEY (hall, good));
    """)
    rows = _fill(opened).rows
    assert all(row["lying"] > 1000 for row in rows["lots"]["a"])
    assert all(row["looks"] == 0 for row in rows["goods"]["a"])


def test_the_same_rows_each_time() -> None:
    assert filled()[1].rows == filled()[1].rows


def test_unique_columns_and_names_of_checks_are_read() -> None:
    opened = session()
    read = {each.name: each for each in tables_of(opened.session, "sqlite")}
    assert read["accounts"].unique == ("id", "number")
    assert read["scopes"].unique == ()
    assert "source_by_kind" in {check.name for check in read["payments"].checks}


def test_a_row_points_where_another_does_if_it_may() -> None:
    opened, seeds = filled()
    rows = {name: held["a"] for name, held in seeds.rows.items() if "a" in held}
    near = seeds.rows["payments"]["a"][-1]
    made = Filling(opened, table(seeds, "payments"), "a", 40, rows, "users", {"kind": "transfer"}, near).row()
    assert made["target_id"] == near["target_id"] and made["kind"] == "transfer"


def test_states_begin_with_the_plain_one_and_have_no_money_and_no_time() -> None:
    _, seeds = filled()
    found = list(states(table(seeds, "accounts")))
    assert found[:3] == [{}, {"status": "open"}, {"status": "closed"}]
    assert {"status": "open", "balance": 0} in found
    times = list(states(table(seeds, "payments")))
    assert {"kind": "refund", "settled_at": None} in times


def test_a_row_may_go_from_one_identity_to_another() -> None:
    _, seeds = filled()
    theirs = seeds.rows["accounts"]["b"][0]["id"]
    assert crossing(table(seeds, "payments"), seeds, "a") == [{"source_id": theirs}, {"target_id": theirs}]
    assert crossing(table(seeds, "accounts"), seeds, "a") == []


def test_of_a_form_only_what_is_unique_differs() -> None:
    names = ("currency", "code")
    checks = tuple(Check(name, f"{name} ~ '^[A-Z]{{3}}$'", (name,)) for name in names)
    columns = tuple(Column(name, "text", False, False, False) for name in names)
    accounts = Table("accounts", columns, (), (), checks, ("code",))
    rows = (("a", 0), ("a", 1), ("b", 0))
    currency, code = ([candidates(column, accounts, who, number)[0] for who, number in rows] for column in columns)
    assert len(set(currency)) == 1 and len(set(code)) == 3
