"""The stage `sql`: what cannot be read, what crashed, what was not checked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.report import Reason, StageResult, State
from evaluators.rule import REGISTRY, Flaw, rule
from evaluators.sql import lint
from evaluators.sql.facts import Schema
from evaluators.sql.reading import MAX_DEPTH, depth, sqlite_syntax_error
from evaluators.sql.schema import schema_of

KEYED = "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"


def judged(text: str, dialect: str = "postgres", path: str = "schema.sql") -> StageResult:
    return asyncio.run(lint.judge(Subject(Draft.of({path: text}), dialect=dialect), Bench()))


def test_applies_to_sql_files_only() -> None:
    assert lint.applies(Subject(Draft.of({"schema.sql": ""})))
    assert lint.applies(Subject(Draft.of({"migrations/001_init.up.sql": ""})))
    assert not lint.applies(Subject(Draft.of({"app/main.py": "", "openapi.yaml": ""})))


def test_a_broken_statement_is_one_finding_with_its_line_and_hides_no_other() -> None:
    result = judged(f"CREATE TABLE a ({KEYED});\n\nCREATE TABLE b (\n  {KEYED},,\n);\n\nCREATE TABLE c (x int);\n")
    assert [(f.rule, f.location.line) for f in result.findings] == [("sql-not-parsed", 4), ("missing-primary-key", 7)]
    parsing = result.findings[0]
    assert parsing.message == 'This statement cannot be read. PostgreSQL refuses it: syntax error at or near ",".'
    assert parsing.evidence.split("\n")[1].startswith("4: ")
    assert result.stage.state is State.FAILED


def test_what_a_broken_statement_declares_is_not_missed_elsewhere() -> None:
    text = f"CREATE TABLE a ({KEYED}, note text DEFAULT 'it's');\n"
    text += f"CREATE TABLE b ({KEYED}, a_id bigint NOT NULL REFERENCES a (id) ON DELETE CASCADE);\n"
    text += "CREATE INDEX b_a_id_idx ON b (a_id);\n"
    assert [f.rule for f in judged(text).findings] == ["sql-not-parsed"]


def test_a_missing_semicolon_is_named() -> None:
    text = f"CREATE TABLE a ({KEYED})\n\nCREATE TABLE b ({KEYED});\n"
    result = judged(text)
    assert [(f.rule, f.location.line) for f in result.findings] == [("sql-not-parsed", 3)]
    assert "semicolon" in result.findings[0].message
    assert "2 tables" in result.stage.detail


def test_an_unclosed_quote_ends_at_the_next_statement() -> None:
    result = judged("INSERT INTO a VALUES ('x);\n\nCREATE TABLE b (x int);\nCREATE TABLE a (id int PRIMARY KEY);\n")
    assert [(f.rule, f.location.line) for f in result.findings] == [("sql-not-parsed", 1), ("missing-primary-key", 3)]


def test_a_routine_is_listed_and_does_not_hinder() -> None:
    result = judged("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;")
    assert result.stage.state is State.PASSED
    assert [each.what for each in result.not_checked] == ["schema.sql:1: CREATE FUNCTION F RETURNS"]


@pytest.mark.parametrize("dialect", ["mysql", "tsql"])
def test_what_nobody_ran_is_unverified(dialect: str) -> None:
    result = judged("CREATE PROCEDURE p AS SELECT 1", dialect)
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.NOT_PARSED)


def test_dump_lines_do_not_hinder() -> None:
    dump = (
        "\\restrict abc\nSET statement_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n"
        "CREATE TABLE public.a (id bigint NOT NULL, note text);\nALTER TABLE public.a OWNER TO app;\n"
        "COPY public.a (id, note) FROM stdin;\n1\tit's; here\n\\.\n\n"
        "ALTER TABLE ONLY public.a ADD CONSTRAINT a_pkey PRIMARY KEY (id);\n\\unrestrict abc\n"
    )
    result = judged(dump)
    assert (result.stage.state, result.findings, result.not_checked) == (State.PASSED, (), ())


def test_a_crashed_rule_costs_itself_only() -> None:
    @rule("crashing-rule", family="sql")
    def crashing(schema: Schema) -> Iterator[Flaw]:
        """It crashes.

        Why: To see it.
        Bad: b
        Good: g
        Source: s
        """
        raise KeyError("x")

    try:
        result = judged(f"CREATE TABLE a ({KEYED});")
        assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.RULE_CRASHED)
        assert "crashing-rule: KeyError: 'x'" in result.stage.detail
        assert judged("CREATE TABLE a (x int);").stage.state is State.FAILED
    finally:
        del REGISTRY["crashing-rule"]


def test_one_cause_is_one_finding() -> None:
    result = judged("CREATE TABLE a (x int);\nDROP TABLE a;\nCREATE TABLE a (x int);")
    assert [f.rule for f in result.findings] == ["missing-primary-key"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT " + "(" * 50_000,
        "SELECT " + "1+" * 50_000 + "1",
        "SELECT " + "NOT " * 50_000 + "true",
        "SELECT " + "CASE WHEN true THEN " * 20_000,
        "CREATE TABLE a (x int CHECK (" + "(" * 3_000 + "x" + ")" * 3_000 + " > 0))",
        "CREATE DOMAIN a AS b; CREATE DOMAIN b AS a; CREATE TABLE t (x a)",
    ],
)
@pytest.mark.parametrize("dialect", ["postgres", "sqlite", "mysql", "tsql"])
def test_hostile_depth_ends_nothing(text: str, dialect: str) -> None:
    assert judged(text, dialect).stage.name == "sql"


def test_depth_is_an_upper_bound() -> None:
    assert depth("select 1, 2, 3") < 5
    assert depth("select " + "1+" * 100 + "1") >= 100
    assert depth("f(" * 100 + ")" * 100) >= 100
    assert depth("VALUES " + ",".join(["(1, 'a')"] * 1_000)) < 20 < MAX_DEPTH
    assert depth("(" + "1+" * 60 + "1)" + "+1" * 60) >= 120


def test_sqlite_refuses_what_sqlglot_lets_pass() -> None:
    result = judged("CREATE TABL t (id INTEGER PRIMARY KEY);", "sqlite")
    assert [(f.rule, f.message) for f in result.findings] == [
        ("sql-not-parsed", 'This statement cannot be read. SQLite refuses it: near "TABL": syntax error.')
    ]


def test_a_table_without_end_is_listed() -> None:
    columns = ", ".join(f"c{number} int REFERENCES a" for number in range(4_000))
    result = judged(f"CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE t ({columns}, PRIMARY KEY (c1));")
    assert [each.why for each in result.not_checked] == ["its table has too many parts to be judged"]


def test_sqlite_says_what_is_wrong() -> None:
    assert sqlite_syntax_error("CREATE TABEL a (x)") == 'SQLite refuses it: near "TABEL": syntax error.'
    assert sqlite_syntax_error("INSERT INTO nowhere VALUES (1)") == ""


WORDS = st.sampled_from(
    re.findall(
        r"\S+|\n",
        "CREATE TABLE ALTER ADD COLUMN DROP INDEX ON a b id int text PRIMARY KEY REFERENCES CHECK ( ) , ; ' \" $$ = 1 "
        "NOT NULL DEFAULT INSERT INTO VALUES POLICY USING DO COPY FROM stdin ENUM TYPE AS VIEW SELECT \n -- /* .",
    )
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=40), st.sampled_from(["postgres", "sqlite", "mysql", "tsql"]))
def test_any_text_is_judged(parts: list[str], dialect: str) -> None:
    result = judged(" ".join(parts), dialect)
    assert result.stage.reason is not Reason.RULE_CRASHED


def test_the_schema_comes_before_migrations() -> None:
    files = {
        "schema.sql": f"CREATE TABLE a ({KEYED});",
        "migrations/001.up.sql": "CREATE TABLE b (x int);",
        "migrations/001.down.sql": "DROP TABLE b;",
    }
    both = Subject(Draft.of(files)).fact(schema_of)
    assert [table.key for table in both.tables] == ["a"]
    del files["schema.sql"]
    moved = Subject(Draft.of(files)).fact(schema_of)
    assert [table.key for table in moved.tables] == ["b"]


def test_queries_are_no_schema() -> None:
    subject = Subject(Draft.of({"schema.sql": f"CREATE TABLE a ({KEYED});", "db/queries/a.sql": "SELEC broken"}))
    assert subject.fact(schema_of).unread == ()
