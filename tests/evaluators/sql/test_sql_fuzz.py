"""Broken SQL in five dialects: nothing raises, nothing hangs, nothing unread is clean, one flaw hides no other."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.migrations import lint as migrations
from evaluators.report import Reason, StageResult, State
from evaluators.sql import lint
from evaluators.sql.schema import schema_of
from evaluators.sql.statements import Kind, pieces

HERE = Path(__file__).parent / "dialects"
DIALECTS = ("postgres", "supabase", "mysql", "sqlite", "tsql")
SECONDS = 10.0
"""The bound for one file of a shop's size, with room for a busy machine."""

TEXTS = {dialect: (HERE / f"{dialect}.sql").read_text(encoding="utf-8") for dialect in DIALECTS}
NOISE = ["'", '"', "`", "[", "]", "(", ")", ",", ";", "--", "/*", "*/", "$$", "\\", "\0", "\ufeff", "\ud800", "é", "\n",
         "GO\n",
         "DELIMITER //\n", "CREATE", "BEGIN", "END", "NULL", "0", "E'", "N'", "::", ".."]  # fmt: skip


def spoken(dialect: str) -> str:
    return "postgres" if dialect == "supabase" else dialect


def judged(dialect: str, text: str) -> StageResult:
    began = time.perf_counter()
    result = asyncio.run(lint.judge(Subject(Draft.of({"schema.sql": text}), dialect=spoken(dialect)), Bench()))
    assert time.perf_counter() - began < SECONDS
    assert result.stage.reason is not Reason.RULE_CRASHED, result.stage.detail
    return result


def mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 6)):
        place, other = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        end = min(other, place + chance.choice((1, 3, 20, 200)))
        kind = chance.randrange(5)
        if kind == 0:
            text = text[:place] + text[end:]
        elif kind == 1:
            text = text[:place] + chance.choice(NOISE) + text[place:]
        elif kind == 2:
            text = text[:place] + text[place:end] * 2 + text[end:]
        elif kind == 3:
            text = text[:place] + "".join(chance.sample(text[place:end], end - place)) + text[end:]
        else:
            text = text[:place]
    return text


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("seed", range(12))
def test_a_mutated_shop_is_judged(dialect: str, seed: int) -> None:
    chance = random.Random(f"{dialect}{seed}")
    text = mutated(TEXTS[dialect], chance)
    result = judged(dialect, text)
    cut = pieces(text, spoken(dialect))
    assert "".join(text[each.start : each.end] for each in cut) == text
    statements = [each for each in cut if each.kind is Kind.STATEMENT]
    assert f"{len(statements)} statements" in result.stage.detail


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("seed", range(4))
def test_a_mutated_migration_is_judged(dialect: str, seed: int) -> None:
    chance = random.Random(f"m{dialect}{seed}")
    files = {"migrations/1_a.sql": TEXTS[dialect], "migrations/2_b.sql": mutated(TEXTS[dialect], chance)}
    began = time.perf_counter()
    result = asyncio.run(migrations.judge(Subject(Draft.of(files), dialect=spoken(dialect)), Bench()))
    assert time.perf_counter() - began < 2 * SECONDS
    assert result.stage.reason is not Reason.RULE_CRASHED, result.stage.detail


BROKEN = "CREATE TABLE broken (id int PRIMARY KEY,, x);"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("place", range(0, 15, 2))
def test_one_broken_statement_hides_no_other(dialect: str, place: int) -> None:
    text = TEXTS[dialect]
    starts = [found for found in range(len(text)) if text.startswith("CREATE TABLE ", found)]
    marked = text[: starts[place]] + BROKEN + "\n\n" + text[starts[place] :]
    result = judged(dialect, marked)
    line = text.count("\n", 0, starts[place]) + 1
    assert {each.location.line for each in result.findings} == {line}
    assert "sql-not-parsed" in [each.rule for each in result.findings]
    schema = Subject(Draft.of({"schema.sql": marked}), dialect=spoken(dialect)).fact(schema_of)
    assert len([table for table in schema.tables if table.columns and table.name != "broken"]) == 15


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("quote", ["'", '"', "/*"])
def test_what_is_left_open_is_told(dialect: str, quote: str) -> None:
    result = judged(dialect, TEXTS[dialect] + f"\nINSERT INTO users (email) VALUES ({quote}x);\n")
    assert result.stage.state is State.FAILED
    assert "sql-not-parsed" in [each.rule for each in result.findings]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("text", ["SOMETHING that is no SQL;", "CREATE TABL x (a int);", "?;", "CREATE WIDGET w;"])
def test_nothing_unread_is_clean(dialect: str, text: str) -> None:
    result = judged(dialect, f"{text}\n")
    told = bool(result.findings) or bool(result.not_checked)
    assert told or result.stage.state is State.UNVERIFIED


LONG = [
    "CREATE TABLE t (" + ", ".join(f"c{n} int" for n in range(5_000)) + ");",
    "CREATE TABLE t (id int PRIMARY KEY);" * 2_000,
    " ".join(["INSERT INTO t VALUES (0, 'y')", *(f", ({n}, 'x')" for n in range(20_000)), ";"]),
    "SELECT '" + "a" * 500_000 + "';",
    "-" * 200_000,
    "/*" * 50_000,
    "'" * 100_001,
    "CREATE TABLE t (a int" + ", /* " * 50_000 + "*/ b int);",
    "CREATE TABLE t (a int CHECK (a IN (" + "a IN (" * 500 + "1" + ")" * 502 + ");",
    "CREATE POLICY p ON t USING (" + " OR ".join("a = auth.uid()" for _ in range(500)) + ");",
    "e" * 200_000 + "'",
    "ALTER TABLE t ADD DEFAULT " + " " * 100_000 + "x",
    "ALTER TABLE [t]" + " " * 100_000 + "WITH",
    "CREATE TABLE t (a int) " + "WITH (" * 20_000,
    "CREATE TABLE t (x text CHECK (x IN (" + ", ".join(f"'{n}'" for n in range(20_000)) + ")));",
    "\n".join(f"CREATE TABLE t{n} (id int PRIMARY KEY, t_id int REFERENCES t{n - 1} (id));" for n in range(1_000)),
]


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
@pytest.mark.parametrize("dialect", ["postgres", "mysql", "sqlite", "tsql"])
def test_long_texts_end(dialect: str, text: str) -> None:
    began = time.perf_counter()
    asyncio.run(lint.judge(Subject(Draft.of({"schema.sql": text}), dialect=dialect), Bench()))
    assert time.perf_counter() - began < 3 * SECONDS


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.sampled_from(DIALECTS), st.integers(0, 4_000))
def test_any_text_between_statements(text: str, dialect: str, place: int) -> None:
    shop = TEXTS[dialect][:4_000]
    judged(dialect, shop[:place] + text + shop[place:])
