"""The schema runs on a real database, and what is refused is told in canonical words."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.finding import Finding, Location
from evaluators.report import Reason, StageResult, State
from evaluators.service import database as databases
from evaluators.service.database import NoDatabase
from evaluators.sql import live, loading
from evaluators.sql.live import judge, loaded_database


def judged(files: dict[str, str], **more: Any) -> tuple[StageResult, dict[str, int]]:
    """The stage's result, and the rows of the database that later stages get."""

    async def main() -> tuple[StageResult, dict[str, int]]:
        subject = Subject(Draft.of(files), **more)
        async with Bench() as bench:
            result = await judge(subject, bench)
            return result, await (await loaded_database(subject, bench)).row_counts()

    return asyncio.run(main())


def brief(finding: Finding) -> tuple[int, str, list[int]]:
    """Line, symbol and further lines."""
    return finding.location.line, finding.symbol, [place.line for place in finding.places]


GOOD = """-- A good schema.
BEGIN;
CREATE TYPE state AS ENUM ('open', 'done');
CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL UNIQUE);
CREATE TABLE tasks (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner uuid NOT NULL REFERENCES users (id),
  state state NOT NULL DEFAULT 'open'
);
CREATE INDEX CONCURRENTLY tasks_owner ON tasks (owner);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END; $$;
CREATE TRIGGER touch BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION touch();
COMMIT;
COPY users (email) FROM stdin;
a@example.com
it's
\\.
INSERT INTO users (email) VALUES ('b@example.com') RETURNING id;
"""


def test_a_good_schema_passes_and_later_stages_get_its_database() -> None:
    result, counts = judged({"schema.sql": GOOD})
    assert result.findings == () and result.not_checked == ()
    assert (result.stage.name, result.stage.state, result.stage.detail) == (
        "database",
        State.PASSED,
        "8 statements ran",
    )
    assert counts == {"tasks": 0, "users": 3}


def test_each_refused_statement_is_one_finding_at_its_line() -> None:
    schema = """CREATE TABLE a (id int PRIMARY KEY);

-- no such table
CREATE TABLE b (
  id int PRIMARY KEY,
  c int REFERENCES nonesuch (id)
);
CREATE INDEX b_c ON b (c);
foo bar;
CREATE TABLE a (id int);
INSERT INTO a VALUES (1), (1);
CREATE VIEW v AS
  SELECT id,
         missing
  FROM a;
ALTER TABLE a ADD COLUMN t nosuchtype;
SELECT uuid_generate_v5();
INSERT INTO a VALUES (2);
CREATE TABLE d (x varchar REFERENCES a (id));
"""
    result, counts = judged({"schema.sql": schema})
    assert [brief(each) for each in result.findings] == [
        (4, "CREATE TABLE b 42P01 nonesuch", [8]),
        (9, "FOO BAR 42601 foo", []),
        (10, "CREATE TABLE a 42P07 a", []),
        (11, "INSERT INTO a 23505 a.a_pkey", []),
        (14, "CREATE VIEW v 42703 missing", []),
        (16, "ALTER TABLE a 42704 nosuchtype", []),
        (17, "SELECT UUID_GENERATE_V5() 42883 uuid_generate_v5", []),
        (19, "CREATE TABLE d 42804 d_x_fkey", []),
    ]
    assert {each.rule for each in result.findings} == {"schema-does-not-run"}
    assert result.stage.state is State.FAILED
    assert counts == {"a": 1}
    view = result.findings[4]
    assert view.message == "PostgreSQL refuses this statement: undefined column (42703): missing"
    assert view.evidence == "12: CREATE VIEW v AS\n13:   SELECT id,\n14:          missing\n15:   FROM a"


def test_findings_are_the_same_words_on_every_server(monkeypatch: pytest.MonkeyPatch) -> None:
    from evaluators.service import postgresql

    schema = {
        "schema.sql": "CREATE TABLE a (id int REFERENCES b);\nfoo;\nSELECT f(1);\nCREATE TABLE c (x int, x int);\n"
    }
    first, _ = judged(schema)
    monkeypatch.setattr(postgresql, "_system", lambda: iter(()))
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    second, _ = judged(schema)
    assert len(first.findings) == 4
    assert first.findings == second.findings


def test_several_files_run_in_order_and_the_schema_first() -> None:
    files = {
        "db/02_rows.sql": "INSERT INTO t VALUES (1);",
        "db/01_more.sql": "CREATE TABLE u (x int REFERENCES t);",
        "schema.sql": "CREATE TABLE t (x int PRIMARY KEY);",
    }
    result, counts = judged(files)
    assert result.stage.state is State.PASSED
    assert counts == {"t": 1, "u": 0}


def test_an_extension_that_is_not_there_is_no_defect() -> None:
    schema = """CREATE EXTENSION IF NOT EXISTS "no_such_extension";
CREATE TABLE t (id int PRIMARY KEY, at no_such_type);
CREATE TABLE u (id int PRIMARY KEY);
"""
    result, counts = judged({"schema.sql": schema})
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.NO_EXTENSION)
    assert result.stage.detail == "the extension no_such_extension is not available here"
    assert [each.what for each in result.not_checked] == [
        "schema.sql:1: CREATE EXTENSION no_such_extension",
        "schema.sql:2: CREATE TABLE t",
    ]
    assert counts == {"u": 0}
    broken, _ = judged({"schema.sql": 'CREATE EXTENSION "x;\n'})
    assert broken.stage.state is State.FAILED


def test_a_statement_that_does_not_end_is_unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "STATEMENT_SECONDS", 0.3)
    result, _ = judged({"schema.sql": "CREATE TABLE t (x int);\nSELECT pg_sleep(60);\n"})
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.TIME_BOUND)
    assert result.not_checked[0].what == "schema.sql:2: SELECT PG_SLEEP(60)"


def test_a_statement_that_lifts_its_own_bound_is_still_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LOAD_SECONDS", 1.0)
    result, _ = judged({"schema.sql": "SET statement_timeout = 0;\nSELECT pg_sleep(60);\n"})
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.TIME_BOUND)


def test_a_statement_that_ends_the_session_is_named() -> None:
    result, _ = judged({"schema.sql": "SELECT 1;\nSELECT pg_terminate_backend(pg_backend_pid());\nSELECT 2;\n"})
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.TIME_BOUND)
    assert result.stage.detail == "schema.sql: SELECT PG_TERMINATE_BACKEND(PG_BACKEND_PID()) ended the session"
    assert [each.what.split(":")[1] for each in result.not_checked] == ["2"]


def test_hostile_sql_is_refused_and_reported() -> None:
    schema = """COPY (SELECT 1) TO PROGRAM 'touch /tmp/x';
SELECT pg_read_file('/etc/passwd');
SELECT repeat('x', 1000) FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) TABLE n) AS n;
SELECT g, repeat('x', 1000) FROM generate_series(1, 100000000) g;
CREATE TABLE t (x int);
"""
    result, counts = judged({"schema.sql": schema})
    assert [(each.location.line, each.symbol.split()[-1]) for each in result.findings] == [(1, "42501"), (2, "42501")]
    assert [each.what for each in result.not_checked] == ["schema.sql:4: SELECT G, repeat"]
    assert counts == {"t": 0}


def test_an_administrators_statements_are_not_held_against_a_schema() -> None:
    schema = """\\connect bank
CREATE DATABASE bank;
CREATE ROLE reader;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'writer') THEN CREATE ROLE writer; END IF;
END $$;
CREATE TABLE t (x int);
ALTER TABLE t OWNER TO postgres;
GRANT SELECT ON t TO reader, writer;
GRANT CONNECT ON DATABASE bank TO reader;
SET ROLE reader;
SELECT * FROM t;
RESET ROLE;
GRANT SELECT ON t TO nobody_made_this;
"""
    result, _ = judged({"schema.sql": schema})
    assert [brief(each) for each in result.findings] == [(14, "GRANT SELECT on 42704 nobody_made_this", [])]
    assert [each.what for each in result.not_checked] == [
        "schema.sql:10: GRANT CONNECT on",
        "schema.sql:1: \\connect",
        "schema.sql:2: CREATE DATABASE bank",
        "schema.sql:8: ALTER TABLE t",
    ]


def test_supabase_is_asked_for_by_an_option() -> None:
    files = {"schema.sql": "CREATE TABLE p (id uuid REFERENCES auth.users (id) DEFAULT auth.uid());"}
    with_it, counts = judged(files, options=(("supabase", "yes"),))
    assert with_it.stage.state is State.PASSED and counts == {"auth.users": 0, "p": 0}
    without, _ = judged(files)
    assert [each.symbol for each in without.findings] == ["CREATE TABLE p 3F000 auth"]


def test_migrations_go_up_down_and_up_again_in_a_database_of_their_own() -> None:
    files = {
        "schema.sql": "CREATE TABLE a (x int);",
        "migrations/001_a.up.sql": "CREATE TABLE a (x int);",
        "migrations/001_a.down.sql": "DROP TABLE a;",
        "migrations/002_b.up.sql": "CREATE TYPE b AS ENUM ('x');\nCREATE TABLE c (b b);",
        "migrations/002_b.down.sql": "DROP TABLE c;",
    }
    result, counts = judged(files)
    assert [(each.rule, each.location, each.symbol) for each in result.findings] == [
        ("migration-does-not-run", Location("migrations/002_b.up.sql", 1), "CREATE TYPE b 42710 b (up again)")
    ]
    assert counts == {"a": 0}
    files["migrations/002_b.down.sql"] += "\nDROP TYPE b;"
    assert judged(files)[0].stage.state is State.PASSED


def test_migrations_alone_are_the_schema_and_may_mark_their_ways() -> None:
    files = {
        "migrations/1.sql": "-- +goose Up\nCREATE TABLE a (x int);\n-- +goose Down\nDROP TABLE a;\n",
        "migrations/2.sql": "-- migrate:up\nCREATE TABLE b (x nosuch);\n-- migrate:down\nDROP TABLE IF EXISTS b;\n",
    }
    result, counts = judged(files)
    assert [each.symbol for each in result.findings] == ["CREATE TABLE b 42704 nosuch (up)"]
    assert [each.what for each in result.not_checked] == ["migrations, down", "migrations, up again"]
    assert counts == {"a": 0}


def test_sqlite_runs_in_a_file() -> None:
    schema = """CREATE TABLE a (id INTEGER PRIMARY KEY);
INSERT INTO a VALUES (1);
CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END;
CREATE TABLE a (x);
INSERT INTO nonesuch VALUES (1);
INSERT INTO a VALUES (1);
CREATE TABLE c (x int, x int);
"""
    result, counts = judged({"schema.sql": schema}, dialect="sqlite")
    assert [brief(each) for each in result.findings] == [
        (4, "CREATE TABLE a SQLITE_ERROR a", []),
        (5, "INSERT INTO nonesuch SQLITE_ERROR nonesuch", []),
        (6, "INSERT INTO a SQLITE_CONSTRAINT_PRIMARYKEY a.id", []),
        (7, "CREATE TABLE c SQLITE_ERROR x", []),
    ]
    assert counts == {"a": 1}


def test_hostile_sqlite_ends_with_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LOAD_SECONDS", 1.0)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n;"
    result, _ = judged({"schema.sql": endless}, dialect="sqlite")
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.TIME_BOUND)
    attached, _ = judged({"schema.sql": "ATTACH '/etc/passwd' AS p;\nSELECT * FROM p.x;"}, dialect="sqlite")
    assert attached.stage.state is State.FAILED
    assert "root:" not in str(attached)


def test_other_dialects_are_not_supported() -> None:
    async def main() -> StageResult:
        async with Bench() as bench:
            return await judge(Subject(Draft.of({"schema.sql": "SELECT 1;"}), dialect="tsql"), bench)

    result = asyncio.run(main())
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.NOT_SUPPORTED)


def test_without_a_server_or_a_sandbox_nothing_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> StageResult:
        async with Bench() as bench:
            return await judge(Subject(Draft.of({"schema.sql": "SELECT 1;"})), bench)

    async def refuse(*_: object) -> None:
        raise NoDatabase("PostgreSQL is not installed")

    monkeypatch.setattr(live, "fresh_database", refuse)
    assert asyncio.run(main()).stage.reason is Reason.NO_DATABASE
    monkeypatch.setattr(live, "available", lambda: "bubblewrap is not installed")
    stage = asyncio.run(main()).stage
    assert (stage.reason, stage.detail) == (Reason.NO_SANDBOX, "bubblewrap is not installed")


def test_it_applies_to_sql_only() -> None:
    subject = Subject(Draft.of({"main.py": "x = 1"}))
    assert not live.applies(subject)
    assert live.applies(replace(subject, draft=Draft.of({"schema.sql": ""})))
    assert live.applies(replace(subject, draft=Draft.of({"migrations/1.sql": ""})))


def test_the_database_is_loaded_once_and_each_draft_has_its_own() -> None:
    async def main() -> list[str]:
        async with Bench() as bench:
            first = Subject(Draft.of({"schema.sql": "CREATE TABLE a (x int);"}))
            second = Subject(Draft.of({"main.py": ""}))
            found = [await loaded_database(each, bench) for each in (first, first, second)]
            assert [await each.row_counts() for each in found] == [{"a": 0}, {"a": 0}, {}]
            assert isinstance(found[0], databases.Database)
            return [each.name for each in found]

    assert asyncio.run(main()) == ["app", "app", "app_2"]
