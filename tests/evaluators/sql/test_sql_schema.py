"""Facts of a schema: what each statement adds, changes and takes away, in each dialect."""

from __future__ import annotations

import pytest

from evaluators.draft import Draft, Subject
from evaluators.finding import Location
from evaluators.sql.schema import Schema, Table, schema_of
from evaluators.sql.types import comparable, type_of


def schema(text: str, dialect: str = "postgres") -> Schema:
    return Subject(Draft.of({"schema.sql": text}), dialect=dialect).fact(schema_of)


def table(text: str, dialect: str = "postgres", key: str = "t") -> Table:
    found = schema(text, dialect).table(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "shown", "family"),
    [
        ("int", "integer", "integer"),
        ("int8", "bigint", "integer"),
        ("smallserial", "smallint", "integer"),
        ("decimal(10, 2)", "numeric(10, 2)", "decimal"),
        ("numeric", "numeric", "decimal"),
        ("float", "double precision", "float"),
        ("real", "real", "float"),
        ("varchar(20)", "varchar(20)", "text"),
        ("char", "char(1)", "text"),
        ("character varying", "varchar", "text"),
        ("citext", "citext", "text"),
        ("timestamptz(3)", "timestamptz", "timestamp"),
        ("timestamp with time zone", "timestamptz", "timestamp"),
        ("timestamp", "timestamp", "timestamp"),
        ("uuid", "uuid", "uuid"),
        ("jsonb", "jsonb", "json"),
        ("bytea", "bytea", "bytes"),
        ("text[]", "text[]", "text"),
        ("inet", "inet", "network"),
        ("tstzrange", "tstzrange", "range"),
        ("geometry(Point, 4326)", "geometry", "geometry"),
        ("unheard_of", "unheard_of", "other"),
    ],
)
def test_types(written: str, shown: str, family: str) -> None:
    made = table(f"CREATE TABLE t (x {written})").columns[0].type
    assert (str(made), made.family) == (shown, family)


def test_time_zone_and_width_are_told() -> None:
    columns = table("CREATE TABLE t (a timestamptz, b timestamp, c smallint, d bigint, e numeric(5))").columns
    assert [c.type.timezone for c in columns[:2]] == [True, False]
    assert [c.type.bits for c in columns[2:4]] == [16, 64]
    assert (columns[4].type.precision, columns[4].type.scale) == (5, 0)


def test_a_table_in_full() -> None:
    made = table(
        "CREATE TABLE o (a int, b int, PRIMARY KEY (a, b));\n"
        "CREATE TABLE t (\n"
        "    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
        "    \"Name\" varchar(20) NOT NULL DEFAULT 'x' UNIQUE,\n"
        "    total numeric(10, 2) GENERATED ALWAYS AS (1 * 2) STORED,\n"
        "    a int, b int,\n"
        "    CONSTRAINT positive CHECK (id > 0),\n"
        "    FOREIGN KEY (a, b) REFERENCES o ON DELETE SET NULL DEFERRABLE\n"
        ");\n"
        'CREATE UNIQUE INDEX i ON t USING btree (lower("Name") DESC, a) INCLUDE (b) WHERE a IS NOT NULL;\n'
    )
    identity, name, total, *_ = made.columns
    assert (identity.identity, identity.nullable, identity.at) == ("always", False, Location("schema.sql", 3, 5))
    assert (name.name, name.nullable, name.default) == ("Name", False, "'x'")
    assert total.generated == "1 * 2"
    assert [(key.columns, key.primary) for key in made.keys] == [(("id",), True), (("Name",), False)]
    (reference,) = made.foreign_keys
    assert (reference.columns, reference.target, reference.target_columns) == (("a", "b"), "o", ("a", "b"))
    assert (reference.on_delete, reference.deferrable, reference.at.line) == ("set null", True, 8)
    assert [(c.name, c.expression, c.columns) for c in made.checks] == [("positive", "id > 0", ("id",))]
    (index,) = made.indexes
    assert (index.columns, index.include, index.predicate, index.unique) == (
        ('lower("Name")', "a"),
        ("b",),
        "a IS NOT NULL",
        True,
    )
    assert index.expressions == ('lower("Name")',)


def test_positions_count_characters_not_bytes() -> None:
    made = table("/* é */ CREATE TABLE t (\n  /* ééé */ x int\n);")
    assert (made.at, made.columns[0].at) == (Location("schema.sql", 1, 22), Location("schema.sql", 2, 13))


def test_alterations_are_replayed() -> None:
    made = table(
        "CREATE TABLE t (id int, old int, gone int, flag boolean);"
        "ALTER TABLE t ADD PRIMARY KEY (id), ADD COLUMN IF NOT EXISTS note text NOT NULL DEFAULT '', DROP gone;"
        "ALTER TABLE t ALTER COLUMN id TYPE bigint, ALTER flag SET NOT NULL, ALTER flag SET DEFAULT false;"
        "ALTER TABLE t RENAME COLUMN old TO fresh;"
        "ALTER TABLE t ADD CHECK (fresh > 0);"
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
        "CREATE INDEX i ON t (fresh); CREATE INDEX j ON t (note); DROP INDEX j;"
    )
    assert [(c.name, str(c.type), c.nullable, c.default) for c in made.columns] == [
        ("id", "bigint", False, None),
        ("fresh", "integer", True, None),
        ("flag", "boolean", False, "false"),
        ("note", "text", False, "''"),
    ]
    assert made.row_security
    assert [index.name for index in made.indexes] == ["i"]
    assert [check.columns for check in made.checks] == [("fresh",)]


def test_constraints_go_by_their_implied_names() -> None:
    text = "CREATE TABLE t (a int UNIQUE CHECK (a > 0), b int); ALTER TABLE t DROP CONSTRAINT t_a_key;"
    made = table(text + "ALTER TABLE t DROP CONSTRAINT t_a_check;")
    assert (made.keys, made.checks) == ((), ())


def test_renamed_tables_keep_their_references() -> None:
    made = schema(
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a_id int REFERENCES a (id));"
        "ALTER TABLE a RENAME TO c; ALTER TABLE c RENAME id TO key;"
    )
    assert [t.key for t in made.tables] == ["c", "b"]
    assert [(fk.target, fk.target_columns) for _, fk in made.references_to("c")] == [("c", ("key",))]


def test_enums_and_domains_reach_their_columns() -> None:
    made = schema(
        "CREATE TYPE mood AS ENUM ('a', 'c'); ALTER TYPE mood ADD VALUE 'b' BEFORE 'c'; ALTER TYPE mood ADD VALUE 'd';"
        "CREATE DOMAIN price AS numeric(12, 2) NOT NULL CHECK (VALUE >= 0);"
        "CREATE TABLE t (m mood, p price);"
    )
    (found,) = made.tables
    mood, price = found.columns
    assert (mood.type.family, mood.type.values) == ("enum", ("a", "b", "c", "d"))
    assert (price.type.domain, price.type.name, price.type.scale, price.nullable) == ("price", "numeric", 2, False)
    assert [check.expression for check in found.checks_of("p")] == ["p >= 0"]


def test_types_made_in_a_block_are_known() -> None:
    made = table(
        "DO $$ BEGIN CREATE TYPE color AS ENUM ('red'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1) THEN CREATE TYPE size AS ENUM ('s'); END IF; END $$;"
        "CREATE TABLE t (c color, s size);"
    )
    assert [column.type.values for column in made.columns] == [("red",), ("s",)]


def test_schemas_and_folding() -> None:
    made = schema(
        'CREATE TABLE Public.Users (ID int); CREATE TABLE billing.invoices (x int); CREATE TABLE "Odd" (y int);'
    )
    assert [t.key for t in made.tables] == ["users", "billing.invoices", "Odd"]
    assert made.tables[0].columns[0].name == "id"


def test_other_things_are_kept() -> None:
    made = schema(
        "CREATE EXTENSION pgcrypto;"
        "CREATE TABLE t (id int PRIMARY KEY, owner uuid);"
        "CREATE POLICY p ON t AS RESTRICTIVE FOR UPDATE TO app USING (owner = auth.uid()) WITH CHECK (true);"
        "CREATE TRIGGER g BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();"
        "CREATE VIEW v WITH (security_invoker = on) AS SELECT * FROM t;"
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$ x $$;"
        "COMMENT ON TABLE t IS 'things'; COMMENT ON COLUMN t.owner IS 'who';"
        "INSERT INTO t (id, owner) VALUES (1, NULL), (2, 'x');"
        "GRANT SELECT, INSERT ON t TO app, PUBLIC;"
    )
    (t,) = made.tables
    (policy,) = t.policies
    assert (policy.command, policy.roles, policy.permissive) == ("update", ("app",), False)
    assert (policy.using, policy.check) == ("owner = auth.uid()", "true")
    assert [(g.timing, g.events, g.function) for g in t.triggers] == [("before", ("insert", "update"), "f")]
    assert [(v.reads, v.security_invoker) for v in made.views] == [(("t",), True)]
    assert [(f.security_definer, f.settings, f.returns) for f in made.functions] == [
        (True, ("search_path",), "trigger")
    ]
    assert (t.comment, t.columns[1].comment) == ("things", "who")
    assert [(i.columns, i.rows) for i in made.inserts] == [(("id", "owner"), (("1", "NULL"), ("2", "'x'")))]
    assert [(g.privileges, g.objects, g.roles) for g in made.grants] == [
        (("insert", "select"), ("t",), ("app", "public"))
    ]
    assert made.extensions == ("pgcrypto",)


def test_partitions_heirs_and_copies() -> None:
    made = schema(
        "CREATE TABLE log (id int, at date) PARTITION BY RANGE (at);"
        "CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');"
        "CREATE TABLE heir (more int) INHERITS (log); CREATE TABLE twin (LIKE log); CREATE TABLE made AS SELECT 1 AS x;"
    )
    columns = {t.key: [c.name for c in t.columns] for t in made.tables}
    assert columns == {
        "log": ["id", "at"],
        "log_1": ["id", "at"],
        "heir": ["id", "at", "more"],
        "twin": ["id", "at"],
        "made": [],
    }
    assert made.tables[1].partition_of == "log"
    assert made.tables[4].opaque


def test_the_order_of_seeding() -> None:
    made = schema(
        "CREATE TABLE c (b_id int NOT NULL REFERENCES b, self int REFERENCES c);"
        "CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);"
        "CREATE TABLE a (id int PRIMARY KEY, c_id int REFERENCES c);"
    )
    assert [t.key for t in made.ordered] == ["a", "b", "c"]
    ring = schema("CREATE TABLE x (id int PRIMARY KEY, y int NOT NULL REFERENCES y);"
                  "CREATE TABLE y (id int PRIMARY KEY, x int NOT NULL REFERENCES x);")  # fmt: skip
    assert sorted(t.key for t in ring.ordered) == ["x", "y"]


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        (
            "sqlite",
            "CREATE TABLE o (Id INTEGER PRIMARY KEY); CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT,"
            " kind TEXT NOT NULL DEFAULT 'a' CHECK (kind IN ('a')), o_id INTEGER REFERENCES o (ID) ON DELETE CASCADE,"
            " UNIQUE (KIND, o_id)); CREATE INDEX i ON T (O_ID);",
        ),
        (
            "mysql",
            "CREATE TABLE `o` (`id` int PRIMARY KEY); CREATE TABLE `t` (`id` bigint AUTO_INCREMENT, kind text NOT NULL"
            " DEFAULT 'a', o_id int, PRIMARY KEY (`id`), UNIQUE KEY u (kind, o_id), KEY i (o_id),"
            " CHECK (kind IN ('a')),"
            " CONSTRAINT f FOREIGN KEY (o_id) REFERENCES `o` (`id`) ON DELETE CASCADE) ENGINE=InnoDB;",
        ),
        (
            "tsql",
            "CREATE TABLE [o] ([id] int PRIMARY KEY)\nGO\nCREATE TABLE [dbo].[t] ([id] bigint IDENTITY(1, 1)"
            " PRIMARY KEY CLUSTERED, kind text NOT NULL DEFAULT 'a' CHECK (kind IN ('a')),"
            " o_id int REFERENCES o (id) ON DELETE CASCADE,"
            " CONSTRAINT u UNIQUE NONCLUSTERED (kind, o_id));\nCREATE INDEX i ON t (o_id);",
        ),
    ],
)
def test_other_dialects_give_the_same_facts(dialect: str, text: str) -> None:
    made = schema(text, dialect)
    assert [each.why for each in made.unread] == []
    t = made.table("t")
    o = made.table("o")
    assert t is not None
    assert o is not None
    assert [(c.name, c.nullable, c.default) for c in t.columns] == [
        ("id", False, None),
        ("kind", False, "'a'"),
        ("o_id", True, None),
    ]
    assert t.columns[0].identity == "auto"
    assert t.columns[0].type.bits == 64
    assert t.primary_columns == ("id",)
    assert frozenset({"kind", "o_id"}) in t.unique_sets
    (key,) = t.foreign_keys
    assert (key.columns, key.target, key.on_delete) == (("o_id",), "o", "cascade")
    assert key.target_columns == (o.columns[0].name,)
    assert [check.columns for check in t.checks] == [("kind",)]
    assert [index.columns for index in t.indexes] == [("o_id",)]
    assert all(column.at.line > 0 for column in t.columns)


@pytest.mark.parametrize("dialect", ["sqlite", "mysql", "tsql"])
def test_other_dialects_replay_changes(dialect: str) -> None:
    text = "CREATE TABLE t (id int, b int); ALTER TABLE t ADD c int; ALTER TABLE t DROP COLUMN b;"
    text += "CREATE TABLE u (x int); DROP TABLE u;"
    assert [(t.key, [c.name for c in t.columns]) for t in schema(text, dialect).tables] == [("t", ["id", "c"])]


def test_mysql_changes_columns_and_drops_keys() -> None:
    made = table(
        "CREATE TABLE o (id int PRIMARY KEY);"
        "CREATE TABLE t (a int, b int, CONSTRAINT f FOREIGN KEY (a) REFERENCES o (id));"
        "ALTER TABLE t MODIFY a bigint NOT NULL, CHANGE b c text; ALTER TABLE t DROP FOREIGN KEY f;",
        "mysql",
    )
    assert [(c.name, str(c.type), c.nullable) for c in made.columns] == [("a", "bigint", False), ("c", "text", True)]
    assert made.foreign_keys == ()


@pytest.mark.parametrize(
    ("left", "right", "fits"),
    [
        (type_of("integer"), type_of("bigint"), False),
        (type_of("bigint"), type_of("int8"), True),
        (type_of("uuid"), type_of("text"), False),
        (type_of("varchar", (10,)), type_of("varchar", (20,)), False),
        (type_of("varchar", (20,)), type_of("varchar", (10,)), True),
        (type_of("varchar", (10,)), type_of("text"), False),
        (type_of("text"), type_of("varchar", (10,)), True),
        (type_of("unheard_of"), type_of("integer"), True),
        (type_of("integer", array=True), type_of("integer"), False),
    ],
)
def test_comparable(left: object, right: object, fits: bool) -> None:
    assert comparable(left, right) is fits  # type: ignore[arg-type]


SCRIPTED = """USE [Shop]
GO
CREATE TABLE [dbo].[Orders](
    [OrderId] [int] IDENTITY(1,1) NOT FOR REPLICATION NOT NULL,
    [Total] [decimal](18, 2) NOT NULL,
    [CreatedAt] [datetime2](7) NOT NULL,
 CONSTRAINT [PK_Orders] PRIMARY KEY CLUSTERED
(
    [OrderId] ASC
)WITH (PAD_INDEX = OFF, ALLOW_ROW_LOCKS = ON) ON [PRIMARY]
) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]
GO
ALTER TABLE [dbo].[Orders] ADD  CONSTRAINT [DF_Created]  DEFAULT (sysdatetime()) FOR [CreatedAt]
GO
ALTER TABLE [dbo].[Orders]  WITH CHECK ADD  CONSTRAINT [FK_Self] FOREIGN KEY([OrderId])
REFERENCES [dbo].[Orders] ([OrderId])
GO
ALTER TABLE [dbo].[Orders] CHECK CONSTRAINT [FK_Self]
GO
ALTER TABLE [dbo].[Orders]  WITH CHECK ADD CHECK  (([Total]>=(0)))
GO
CREATE NONCLUSTERED INDEX [IX_Created] ON [dbo].[Orders]
(
    [CreatedAt] ASC
)
INCLUDE([Total]) WITH (PAD_INDEX = OFF) ON [PRIMARY]
GO
"""


def test_what_sql_servers_own_tools_write() -> None:
    schema = Subject(Draft.of({"schema.sql": SCRIPTED}), dialect="tsql").fact(schema_of)
    assert schema.unread == ()
    (table,) = schema.tables
    assert table.primary_columns == ("OrderId",)
    created = table.column("CreatedAt")
    assert created is not None
    assert created.default == "(sysdatetime())"
    assert [key.target for key in table.foreign_keys] == ["orders"]
    assert [check.columns for check in table.checks] == [("Total",)]
    assert [(index.name, index.columns) for index in table.indexes] == [("IX_Created", ("CreatedAt",))]
    assert created.at.line == 6


def test_a_prefix_and_a_collation_are_still_the_column() -> None:
    text = "CREATE TABLE t (id int PRIMARY KEY, b text);\nCREATE INDEX i ON t (b(10));\n"
    (table,) = Subject(Draft.of({"schema.sql": text}), dialect="mysql").fact(schema_of).tables
    assert [index.columns for index in table.indexes] == [("b",)]
    text = "CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT);\nCREATE INDEX i ON t (b COLLATE NOCASE DESC);\n"
    (table,) = Subject(Draft.of({"schema.sql": text}), dialect="sqlite").fact(schema_of).tables
    assert [index.columns for index in table.indexes] == [("b",)]
