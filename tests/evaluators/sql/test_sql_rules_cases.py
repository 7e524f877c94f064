"""Cases beyond the rules' own examples: where a rule must keep silent, and where it must not."""

from __future__ import annotations

import pytest

import evaluators.sql.rules as package
from evaluators.draft import Draft, Subject
from evaluators.rule import REGISTRY, load, run_rules
from evaluators.sql.schema import schema_of

load(package)

ID = "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
A = "CREATE TABLE a (id int PRIMARY KEY); "


def said(rule: str, text: str, dialect: str = "postgres") -> list[str]:
    schema = Subject(Draft.of({"schema.sql": text}), dialect=dialect).fact(schema_of)
    found, crashed = run_rules([REGISTRY[rule]], schema)
    assert crashed == []
    return [finding.symbol for finding in found]


SILENT = [
    ("plain-password", f"CREATE TABLE users ({ID}, hashed_password text, encrypted_password text);"),
    ("plain-password", f"CREATE TABLE settings ({ID}, smtp_password text, reset_password boolean);"),
    ("missing-primary-key", "CREATE TEMP TABLE t (x int); CREATE TABLE made AS SELECT 1 AS x;"),
    ("missing-primary-key", "CREATE TABLE t (x int); ALTER TABLE ONLY t ADD CONSTRAINT t_pkey PRIMARY KEY (x);"),
    ("unindexed-foreign-key", A + "CREATE TABLE b (a_id int PRIMARY KEY REFERENCES a);"),
    ("foreign-key-to-nothing", A + "CREATE TABLE b (x int REFERENCES a); DROP TABLE a CASCADE;"),
    (
        "unindexed-foreign-key",
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a_id int REFERENCES a);"
        "CREATE INDEX ON b (a_id) WHERE a_id IS NOT NULL;",
    ),
    ("foreign-key-to-nothing", f"CREATE TABLE p ({ID}, user_id uuid REFERENCES auth.users (id));"),
    ("foreign-key-to-nothing", "CREATE TABLE a (id int PRIMARY KEY, parent int REFERENCES a);"),
    ("foreign-key-type-mismatch", "CREATE DOMAIN d AS uuid; CREATE TABLE a (id uuid PRIMARY KEY);"
     "CREATE TABLE b (a_id d REFERENCES a);"),
    ("float-money", f"CREATE TABLE recipes ({ID}, amount double precision, weight real, price_score real);"),
    ("timestamp-without-time-zone", f"CREATE TABLE t ({ID}, opens_local timestamp);"),
    ("narrow-primary-key", "CREATE TABLE kinds (id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);"),
    ("narrow-primary-key", "CREATE TABLE kinds (id int PRIMARY KEY);"),
    ("duplicate-index", "CREATE TABLE t (a int PRIMARY KEY); CREATE INDEX i ON t (a) WHERE a > 1;"
     "CREATE INDEX j ON t USING hash (a);"),
    ("prefix-index", "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b)); CREATE UNIQUE INDEX i ON t (a);"),
    ("login-not-unique", f"CREATE TABLE orders ({ID}, email text NOT NULL);"),
    ("login-not-unique", f"CREATE TABLE users ({ID}, org int, email text, password_hash text, UNIQUE (org, email));"),
    ("lookup-not-unique", f"CREATE TABLE p ({ID}, sku text UNIQUE); CREATE TABLE lines ({ID}, sku text);"),
    ("nullable-unique-column", f"CREATE TABLE t ({ID}, a int, k text, UNIQUE (a, k));"),
    ("nullable-unique-column", "CREATE TABLE t (a text, b timestamptz, UNIQUE NULLS NOT DISTINCT (a, b));"),
    ("free-text-status", f"CREATE TABLE addresses ({ID}, city text, state text);"),
    ("free-text-status", f"CREATE TABLE files ({ID}, content_type text); CREATE TABLE audit_log ({ID}, kind text);"),
    ("free-text-status", "CREATE TABLE oauth_logins (id int PRIMARY KEY, state text);"),
    ("quoted-name", f'CREATE TABLE "users" ({ID}, "name" text);'),
    ("numbered-columns", f"CREATE TABLE t ({ID}, address_line1 text, address_line2 text, p50 real, p95 real);"),
    ("amount-without-check", f"CREATE TABLE t ({ID}, balance_after numeric(9, 2), price_version int);"),
    ("amount-without-check", "CREATE DOMAIN money_ AS numeric(12, 2) CHECK (VALUE >= 0);"
     f"CREATE TABLE items ({ID}, price money_);"),
    ("required-foreign-key-cycle", "CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL);"
     "CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a);"
     "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b DEFERRABLE INITIALLY DEFERRED;"),
    ("id-without-foreign-key", f"CREATE TABLE users ({ID}); CREATE TABLE audit_log ({ID}, user_id bigint);"),
    ("id-without-foreign-key", f"CREATE TABLE users ({ID}); CREATE TABLE notes ({ID}, user_id uuid);"),
    ("definer-without-search-path", "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';"
     "ALTER FUNCTION f() SET search_path = '';"),
    ("end-before-start", f"CREATE TABLE t ({ID}, starts_at timestamptz, ends_at timestamptz,"
     " EXCLUDE USING gist (tstzrange(starts_at, ends_at) WITH &&));"),
    ("duplicate-foreign-key", "CREATE TABLE a (id int PRIMARY KEY);"
     "CREATE TABLE b (x int REFERENCES a, y int REFERENCES a);"),
    ("name-too-long", "COMMENT ON TABLE t IS '" + "x" * 100 + "'; /* " + "y" * 100 + " */ SELECT 1;"),
    ("grant-to-everyone", f"CREATE TABLE t ({ID}); ALTER TABLE t ENABLE ROW LEVEL SECURITY; GRANT ALL ON t TO anon;"),
]  # fmt: skip

HEARD = [
    ("missing-primary-key", "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t DROP CONSTRAINT t_pkey;", ["t"]),
    ("missing-primary-key", "CREATE SCHEMA s CREATE TABLE t (x int);", ["s.t"]),
    ("foreign-key-to-nothing", A + "CREATE TABLE b (x int REFERENCES a (other));", ["b.x"]),
    ("unindexed-foreign-key", "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (x int, y int REFERENCES a);"
     "CREATE INDEX ON b (x, y);", ["b.y"]),
    ("unindexed-foreign-key", "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (y int REFERENCES a, z int);"
     "CREATE INDEX ON b (y) WHERE z > 1;", ["b.y"]),
    ("foreign-key-type-mismatch", "CREATE TABLE a (id uuid PRIMARY KEY);"
     "CREATE TABLE b (x text REFERENCES a);", ["b.x"]),
    ("float-money", f"CREATE TABLE orders ({ID}, total real, price_usd float);", ["orders.total", "orders.price_usd"]),
    ("narrow-primary-key", "CREATE TABLE t (id serial PRIMARY KEY);", ["t.id"]),
    ("plain-password", f"CREATE TABLE users ({ID}, user_password varchar(255));", ["users.user_password"]),
    ("quoted-name", f'CREATE TABLE "user" ({ID}, "createdAt" text);', ["user"]),
    ("required-foreign-key-cycle", "CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL);"
     "CREATE TABLE b (id int PRIMARY KEY, c int NOT NULL);"
     "CREATE TABLE c (id int PRIMARY KEY, a int NOT NULL REFERENCES a);"
     "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; ALTER TABLE b ADD FOREIGN KEY (c) REFERENCES c;", ["a.b"]),
    ("always-true-policy", f"CREATE TABLE t ({ID}); CREATE POLICY p ON t USING (true);", ["t.p"]),
    ("policy-without-row-security", f"CREATE TABLE t ({ID}); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
     "CREATE POLICY p ON t USING (false); ALTER TABLE t DISABLE ROW LEVEL SECURITY;", ["t"]),
    ("name-too-long", f"CREATE TABLE {'x' * 64} ({ID});", ["x" * 63]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text"), SILENT)
def test_silent(rule: str, text: str) -> None:
    assert said(rule, text) == []


@pytest.mark.parametrize(("rule", "text", "symbols"), HEARD)
def test_heard(rule: str, text: str, symbols: list[str]) -> None:
    assert said(rule, text) == symbols


def test_dialects_differ() -> None:
    integer = "CREATE TABLE a (id INTEGER PRIMARY KEY);"
    integer += "CREATE TABLE b (id INTEGER PRIMARY KEY, a_id BIGINT REFERENCES a (id));"
    assert said("narrow-primary-key", integer, "sqlite") == []
    assert said("foreign-key-type-mismatch", integer, "sqlite") == []
    assert said("unindexed-foreign-key", integer, "sqlite") == ["b.a_id"]
    assert said("unindexed-foreign-key", integer, "mysql") == []
    assert said("quoted-name", "CREATE TABLE user (id int PRIMARY KEY)", "mysql") == []
    assert said("quoted-name", "CREATE TABLE `order` (id int PRIMARY KEY)", "mysql") == ["order"]
