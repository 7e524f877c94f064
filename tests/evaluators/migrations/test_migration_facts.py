"""Migrations as facts: the usual tools' folders, ways, order, transactions, and what is dynamic."""

from __future__ import annotations

import asyncio
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.migrations import lint
from evaluators.migrations.facts import Act, Migrations
from evaluators.migrations.replay import migrations_of
from evaluators.report import Reason, StageResult, State
from evaluators.rule import REGISTRY, load, run_rules
from evaluators.sql.schema import migrated_schema_of, schema_of

T = "CREATE TABLE t (id bigint PRIMARY KEY);"


def facts(files: dict[str, str], dialect: str = "postgres") -> Migrations:
    return Subject(Draft.of(files), dialect=dialect).fact(migrations_of)


def judged(files: dict[str, str], dialect: str = "postgres") -> StageResult:
    return asyncio.run(lint.judge(Subject(Draft.of(files), dialect=dialect), Bench()))


def said(rule: str, files: dict[str, str], dialect: str = "postgres") -> list[str]:
    import evaluators.migrations.rules as package

    load(package)
    found, crashed = run_rules([REGISTRY[rule]], facts(files, dialect))
    assert crashed == []
    return [each.symbol for each in found]


LAYOUTS = {
    "flyway": {"db/migration/V2__b.sql": "DROP TABLE t;", "db/migration/V10__c.sql": T, "db/migration/V1__a.sql": T},
    "golang-migrate": {"migrations/1_a.up.sql": T, "migrations/1_a.down.sql": "DROP TABLE t;"},
    "sqlx": {"migrations/20260101000000_a.up.sql": T, "migrations/20260101000000_a.down.sql": "DROP TABLE t;"},
    "supabase": {"supabase/migrations/20260101000000_a.sql": T},
    "dbmate": {"db/migrations/20260101_a.sql": f"-- migrate:up\n{T}\n-- migrate:down\nDROP TABLE t;"},
    "goose": {"migrations/00001_a.sql": f"-- +goose Up\n{T}\n-- +goose Down\nDROP TABLE t;"},
    "prisma": {"prisma/migrations/20260101_a/migration.sql": T},
    "plain": {"migrations/a.sql": T},
}


@pytest.mark.parametrize("tool", LAYOUTS)
def test_the_usual_tools(tool: str) -> None:
    found = facts(LAYOUTS[tool])
    assert {each.tool for each in found.all} == {tool}
    assert found.all[0].up[0].act is Act.CREATE_TABLE
    assert found.unread == ()
    assert len(found.histories) == 1


@pytest.mark.parametrize("tool", ["golang-migrate", "sqlx", "dbmate", "goose"])
def test_ways_down_are_paired(tool: str) -> None:
    (migration,) = facts(LAYOUTS[tool]).all
    assert migration.has_down
    assert [(step.act, step.table) for step in migration.down] == [(Act.DROP_TABLE, "t")]
    assert migration.down[0].before is not None


def test_flyway_runs_by_number_not_by_letter() -> None:
    found = facts(LAYOUTS["flyway"])
    assert [each.version for each in found.all] == ["1", "2", "10"]
    assert [table.key for table in Subject(Draft.of(LAYOUTS["flyway"])).fact(schema_of).tables] == ["t"]


def test_a_table_is_fresh_in_its_own_migration_only() -> None:
    add = "ALTER TABLE t ADD COLUMN x int NOT NULL;"
    first, second = facts({"migrations/1_a.sql": T + add, "migrations/2_b.sql": add.replace("x", "y")}).all
    assert [step.settled for step in first.up if step.act is Act.ADD_COLUMN] == [False]
    (step,) = second.up
    assert step.settled
    assert step.before is not None
    assert [column.name for column in step.before.columns] == ["id", "x"]


INDEX = "CREATE INDEX CONCURRENTLY i ON t (id);"
TRANSACTIONS = [
    ("migrations/1_a.sql", INDEX, ""),
    ("migrations/1_a.sql", f"BEGIN; {INDEX} COMMIT;", "written"),
    ("migrations/1_a.sql", f"BEGIN; COMMIT; {INDEX}", ""),
    ("migrations/1_a.sql", f"-- +goose Up\n{INDEX}", "goose"),
    ("migrations/1_a.sql", f"-- +goose NO TRANSACTION\n-- +goose Up\n{INDEX}", ""),
    ("db/migrations/1_a.sql", f"-- migrate:up\n{INDEX}", "dbmate"),
    ("db/migrations/1_a.sql", f"-- migrate:up transaction:false\n{INDEX}", ""),
    ("migrations/1_a.up.sql", INDEX, ""),
    ("migrations/1_a.up.sql", f"{INDEX} SELECT 1; {T}", "golang-migrate"),
    ("migrations/20260101000000_a.up.sql", INDEX, "sqlx"),
    ("migrations/20260101000000_a.up.sql", f"-- no-transaction\n{INDEX}", ""),
    ("prisma/migrations/1_a/migration.sql", INDEX, ""),
]


@pytest.mark.parametrize(("path", "text", "opened"), TRANSACTIONS)
def test_who_opens_the_transaction(path: str, text: str, opened: str) -> None:
    (migration,) = facts({path: text}).all
    assert [step.transaction for step in migration.up if step.act is Act.CREATE_INDEX] == [opened]


REVISION = """
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("mood", sa.Enum("good", "bad", name="mood"), server_default="good", nullable=False),
        sa.UniqueConstraint("email", name="users_email_key"),
    )
    op.create_index(op.f("ix_users_mood"), "users", ["mood"], unique=False)


def downgrade() -> None:
    op.drop_table("users")
"""
LATER = """
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = "a1"


def upgrade() -> None:
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("country", sa.Text(), nullable=False))
    with op.get_context().autocommit_block():
        op.create_index("i1", "users", ["country"], postgresql_concurrently=True)
    op.create_index("i2", "users", ["email", "country"], postgresql_concurrently=True)
    op.execute(f"DROP TABLE {1}")
    for name in ("a", "b"):
        op.drop_table(name)


def downgrade() -> None:
    op.drop_column("users", "country")
"""
ALEMBIC = {"alembic/versions/a1.py": REVISION, "alembic/versions/b2.py": LATER}


def test_alembic_builds_a_schema_at_the_lines_of_its_python() -> None:
    subject = Subject(Draft.of(ALEMBIC))
    (users,) = subject.fact(schema_of).tables
    assert users.column("email") is not None
    assert [(c.name, str(c.type), c.nullable, c.at.line) for c in users.columns] == [
        ("id", "bigint", False, 12),
        ("email", "varchar(255)", False, 13),
        ("mood", "mood", False, 14),
        ("country", "text", False, 11),
    ]
    assert users.at.path == "alembic/versions/a1.py"
    assert [index.name for index in users.indexes] == ["ix_users_mood", "i1", "i2"]
    assert subject.fact(migrated_schema_of).tables == subject.fact(schema_of).tables


def test_alembic_is_judged_and_what_is_dynamic_is_listed() -> None:
    result = judged(ALEMBIC)
    assert {(f.rule, f.symbol, f.location.line) for f in result.findings} >= {
        ("required-column-without-default", "users.country", 11),
        ("concurrently-in-transaction", "create index i2", 14),
    }
    assert "create index i1" not in {f.symbol for f in result.findings}
    assert [each.what for each in result.not_checked] == ["alembic/versions/b2.py:15", "alembic/versions/b2.py:16"]


def test_django_is_listed_as_not_read() -> None:
    text = "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    operations = []\n"
    result = judged({"app/migrations/0001_initial.py": text})
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.NOT_SUPPORTED)
    assert [each.what for each in result.not_checked] == ["app/migrations/0001_initial.py"]


def test_a_broken_statement_is_an_error_beside_a_schema_too() -> None:
    files = {"schema.sql": T, "migrations/1_a.sql": f"{T}\nALTER TABLE t ADD COLUM x int;\nTRUNCATE t;"}
    result = judged(files)
    assert [(f.rule, f.location.line) for f in result.findings] == [("sql-not-parsed", 2)]


def test_applies_to_migrations_only() -> None:
    assert lint.applies(Subject(Draft.of({"migrations/1_a.sql": T})))
    assert lint.applies(Subject(Draft.of({"db/migration/V1__a.sql": T})))
    assert lint.applies(Subject(Draft.of(ALEMBIC)))
    assert not lint.applies(Subject(Draft.of({"schema.sql": T, "app/main.py": "import os"})))


OLD = {"migrations/1_a.sql": "CREATE TABLE users (id int PRIMARY KEY, a varchar(9), b varchar(9), c varchar(9));"}


def test_old_migrations_have_run() -> None:
    files = OLD | {f"migrations/{n}_x.sql": f"ALTER TABLE users ADD COLUMN x{n} int;" for n in range(3, 9)}
    files["migrations/2_drop.sql"] = "ALTER TABLE users DROP COLUMN a;"
    files["migrations/9_drop.sql"] = "ALTER TABLE users DROP COLUMN b;"
    assert said("dropped-data", files) == ["users.b"]


CASES = [
    ("required-column-without-default", "ALTER TABLE users ADD COLUMN d varchar(9) NOT NULL;", ["users.d"], "mysql"),
    ("required-column-without-default", "ALTER TABLE users ADD d varchar(9) NOT NULL;", ["users.d"], "tsql"),
    ("required-column-without-default", "ALTER TABLE users ADD COLUMN d text NOT NULL;", ["users.d"], "sqlite"),
    ("dropped-data", "ALTER TABLE users DROP COLUMN a, DROP COLUMN b;", ["users.a", "users.b"], "mysql"),
    ("dropped-data", "ALTER TABLE users DROP COLUMN a;", ["users.a"], "tsql"),
    ("dropped-data", "DROP TABLE IF EXISTS nowhere;", [], "postgres"),
    ("renamed-in-use", "EXEC sp_rename 'dbo.users.a', 'z', 'COLUMN';", ["users.a"], "tsql"),
    ("renamed-in-use", "ALTER TABLE users CHANGE a z varchar(9);", ["users.a"], "mysql"),
    ("retyped-column", "ALTER TABLE users MODIFY a int;", ["users.a"], "mysql"),
    ("retyped-column", "ALTER TABLE users MODIFY a varchar(90);", [], "mysql"),
    ("retyped-column", "ALTER TABLE users ALTER COLUMN a int;", ["users.a"], "tsql"),
    ("emptied-table", "TRUNCATE TABLE users;", ["users"], "mysql"),
    ("emptied-table", "DELETE FROM users;", ["users"], "sqlite"),
    ("emptied-table", "DELETE FROM users WHERE id = 1;", [], "postgres"),
    ("blocking-index", "CREATE INDEX i ON users (a);", [], "mysql"),
    ("not-null-over-existing-rows", "ALTER TABLE users ALTER COLUMN a SET NOT NULL;", ["users.a"], "postgres"),
    ("not-null-over-existing-rows", "ALTER TABLE users ALTER COLUMN id SET NOT NULL;", [], "postgres"),
]


@pytest.mark.parametrize(("rule", "text", "symbols", "dialect"), CASES)
def test_dialects(rule: str, text: str, symbols: list[str], dialect: str) -> None:
    assert said(rule, OLD | {"migrations/2_b.sql": text}, dialect) == symbols


def test_mysql_enum_that_shrinks() -> None:
    first = {"migrations/1_a.sql": "CREATE TABLE d (id int PRIMARY KEY, m enum('a', 'b') NOT NULL);"}
    assert said("removed-enum-value", first | {"migrations/2_b.sql": "ALTER TABLE d MODIFY m enum('a');"}, "mysql") == [
        "d.m"
    ]


WORDS = st.sampled_from(
    re.findall(
        r"\S+|\n",
        "CREATE TABLE ALTER ADD COLUMN DROP INDEX CONCURRENTLY ON t a int text PRIMARY KEY REFERENCES ( ) , ; ' $$ NOT "
        "NULL DEFAULT INSERT INTO UPDATE SET DELETE FROM TRUNCATE BEGIN COMMIT TYPE ENUM VALUE RENAME TO VALIDATE "
        "CONSTRAINT VALID UNIQUE CASCADE IF EXISTS \n -- +goose Up Down migrate:up MODIFY",
    )
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=40), st.sampled_from(["postgres", "sqlite", "mysql", "tsql"]))
def test_any_migration_is_judged(parts: list[str], dialect: str) -> None:
    result = judged({"migrations/1_a.sql": T, "migrations/2_b.sql": " ".join(parts)}, dialect)
    assert result.stage.reason is not Reason.RULE_CRASHED


PYTHON = st.sampled_from(
    [
        "op.add_column('t', sa.Column('x', sa.Text()))",
        "op.create_table('t')",
        "op.create_table('t', sa.Column())",
        "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('e', sa.Enum(E)))",
        "op.execute(x)",
        "op.execute('DROP TABLE t')",
        "op.drop_column('t')",
        "op.alter_column('t', 'x', nullable=False)",
        "op.create_index(None, 't', [])",
        "if x:\n        op.drop_table('t')",
        "op.add_column()",
        "op.create_foreign_key(None, 't', 'u', ['a'], ['b'])",
        "op.bulk_insert(t, [])",
        "op.create_unique_constraint('u', 't', cols)",
        "x = 1",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PYTHON, max_size=8), st.sampled_from(["postgres", "sqlite", "mysql", "tsql"]))
def test_any_revision_is_judged(lines: list[str], dialect: str) -> None:
    body = "".join(f"    {line}\n" for line in [*lines, "pass"])
    text = f"from alembic import op\nrevision = 'a'\ndown_revision = None\n\ndef upgrade():\n{body}"
    result = judged({"alembic/versions/a.py": text}, dialect)
    assert result.stage.reason is not Reason.RULE_CRASHED
