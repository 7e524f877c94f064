"""Queries parsed from code, files, views and functions, and what their names mean."""

from __future__ import annotations

import pytest

from evaluators.draft import Draft, Subject
from evaluators.queries.facts import Queries
from evaluators.queries.placeholders import find
from evaluators.queries.predicates import asks
from evaluators.queries.sources import queries_of

SCHEMA = """
create table users (id bigint primary key, email text not null unique, org_id bigint, name text);
create table orders (id bigint primary key, user_id bigint references users (id), total numeric);
create view names as select id, name from users;
create function emails() returns setof text language sql as $$ select email from users $$;
"""
CODE = '''
import psycopg

def report(connection):
    connection.execute("""SELECT u.id, (SELECT sum(total) FROM orders o WHERE o.user_id = u.id) AS spent
      FROM users u JOIN orders ON orders.user_id = u.id WHERE u.email = %s ORDER BY spent""", ("a",))
    connection.execute("WITH a AS (SELECT id FROM users) SELECT id, q FROM a")
    connection.execute("SELECT FROM WHERE )")
'''
FILE = """-- name: Get :one
select * from users where id = $1;
-- name: All :many
select id from users order by name limit 3;
"""


def queries(files: dict[str, str], dialect: str = "postgres") -> Queries:
    return queries_of(Subject(Draft.of(files), dialect=dialect))


def test_every_source_is_read_and_what_is_broken_is_listed() -> None:
    found = queries({"schema.sql": SCHEMA, "app/store.py": CODE, "queries/users.sql": FILE})
    assert [(each.origin, each.name, each.kind) for each in found.parsed] == [
        ("code", "app.store.report", "select"),
        ("code", "app.store.report", "select"),
        ("file", "Get", "select"),
        ("file", "All", "select"),
        ("view", "names", "select"),
        ("function", "emails", "select"),
    ]
    assert [(each.name, each.why) for each in found.unparsed] == [("app.store.report", "it could not be parsed")]
    assert [each.cardinality for each in found.parsed[2:4]] == ["one", "many"]
    assert found.certain


def test_names_mean_columns_level_by_level() -> None:
    first, second, *_ = queries({"schema.sql": SCHEMA, "app/store.py": CODE}).parsed
    outer, inner = first.levels
    assert {name: table.key if table else "" for name, table in outer.sources.items()} == {
        "u": "users", "orders": "orders",
    }  # fmt: skip
    assert [(each.column.name, each.kind) for each in asks(outer)] == [("email", "equal")]
    meant = {each.node.sql(): each.table.key if each.table else "" for each in inner.columns}
    assert meant == {"total": "orders", "o.user_id": "orders", "u.id": "users"}
    from_cte = second.levels[-1]
    assert [each.certain for each in from_cte.columns] == [False, False]


def test_a_place_is_the_line_of_the_file() -> None:
    first = queries({"schema.sql": SCHEMA, "app/store.py": CODE}).parsed[0]
    email = next(each.node for each in first.levels[0].columns if each.node.name == "email")
    assert first.place(email).line == 6


@pytest.mark.parametrize(
    ("text", "dialect", "styles", "count", "names"),
    [
        ("select a from t where b = %s and c = %s", "postgres", {"format"}, 2, set()),
        ("select a from t where b = %(x)s or c = %(x)s", "postgres", {"pyformat"}, 1, {"x"}),
        ("select a::text from t where b = $2 and c = $1", "postgres", {"numeric"}, 2, set()),
        ("select a from t where b = :x::int", "postgres", {"named"}, 1, {"x"}),
        ("select a from t where b = ? and c like '%?%'", "sqlite", {"qmark"}, 1, set()),
        ("select a from t where b = @x", "tsql", {"at"}, 1, {"x"}),
        ("select a from t where doc ? 'key' -- ? %s", "postgres", set(), 0, set()),
        ("select ':no', $$ $1 $$ from t /* :x */", "postgres", set(), 0, set()),
    ],
)
def test_placeholders(text: str, dialect: str, styles: set[str], count: int, names: set[str]) -> None:
    _, found = find(text, dialect)
    assert (set(found.styles), found.count, set(found.names)) == (styles, count, names)


def test_a_schema_that_is_not_wholly_read_is_not_certain() -> None:
    broken = SCHEMA + "create table other (id bigint,,);\n"
    assert not queries({"schema.sql": broken}).certain
    assert not queries({"app/store.py": CODE}).certain
