"""Further cases of rules on queries: what a reviewer would, and would not, object to, in several dialects."""

from __future__ import annotations

import asyncio

import pytest

import evaluators.queries.rules as package
from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.queries import lint
from evaluators.queries.sources import queries_of
from evaluators.report import State
from evaluators.rule import load, rules_of, run_rules

load(package)

SCHEMA = """
create table users (
  id bigint primary key,
  email varchar(200) not null unique,
  name varchar(80) not null,
  active boolean not null default true,
  balance numeric(12, 2) not null default 0
);
create table orders (
  id bigint primary key,
  user_id bigint not null references users (id),
  state varchar(20) not null default 'open',
  note text
);
create index orders_user on orders (user_id);
"""
DRIVERS = {"postgres": "psycopg", "mysql": "pymysql", "sqlite": "sqlite3", "tsql": "pyodbc"}


def told(sql: str, dialect: str = "postgres", arguments: str = "") -> list[str]:
    code = f"import {DRIVERS[dialect]}\n\ndef run(connection, value):\n    connection.execute({sql!r}{arguments})\n"
    subject = Subject(Draft.of({"schema.sql": SCHEMA, "app/store.py": code}), dialect=dialect)
    found, crashed = run_rules(rules_of("queries"), queries_of(subject))
    assert crashed == []
    strict = {each.id for each in rules_of("queries") if each.strict}
    return sorted(each.rule for each in found if each.rule not in strict)


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "sqlite", "tsql"])
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id, name FROM users WHERE email = 'a'",
        "SELECT u.name, o.state FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = 3",
        "SELECT u.name, o.state FROM users u, orders o WHERE o.user_id = u.id AND u.id = 3",
        "SELECT user_id, COUNT(*) AS number FROM orders WHERE user_id > 3 GROUP BY user_id HAVING COUNT(*) > 1",
        "SELECT user_id, COUNT(*) AS number FROM orders GROUP BY user_id ORDER BY number DESC",
        "SELECT MAX(id) FROM orders WHERE user_id = 3",
        "INSERT INTO users (id, email, name) VALUES (1, 'a', 'b')",
        "INSERT INTO users (id, email, name) SELECT id, email, name FROM users WHERE id = 3",
        "UPDATE users SET balance = balance - 3 WHERE id = 3 AND balance >= 3",
        "DELETE FROM orders WHERE user_id = 3",
        "SELECT id FROM users WHERE id IN (SELECT user_id FROM orders WHERE id = 3)",
        "SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM orders)",
        "SELECT CASE WHEN active THEN 1 ELSE 0 END AS flag FROM users WHERE id = 3 ORDER BY flag",
        "SELECT id FROM users WHERE email = 'a' OR name = 'b'",
        "SELECT t.n FROM (SELECT COUNT(*) AS n FROM orders WHERE user_id = 3) t",
        "SELECT o.id, ROW_NUMBER() OVER (PARTITION BY o.user_id ORDER BY o.id) AS place FROM orders o WHERE o.id = 3",
        "SELECT id FROM orders WHERE note IS NULL AND user_id = 3",
        "SELECT a.id FROM users a JOIN users b ON a.id = b.id WHERE a.id = 3",
    ],
)
def test_nobody_objects(sql: str, dialect: str) -> None:
    assert told(sql, dialect) == []


@pytest.mark.parametrize(
    ("sql", "dialect", "rule"),
    [
        ("DELETE FROM orders", "mysql", "write-without-where"),
        ("UPDATE orders SET state = 'x'", "sqlite", "write-without-where"),
        ("SELECT u.name FROM users u, orders o WHERE u.id = 3", "tsql", "cartesian-product"),
        ("SELECT nme FROM users WHERE id = 3", "mysql", "query-of-unknown-column"),
        ("SELECT u.id FROM users u JOIN orders o ON o.userid = u.id", "sqlite", "query-of-unknown-column"),
        ("INSERT INTO users (id, email, nam) VALUES (1, 'a', 'b')", "tsql", "insert-misses-required"),
        ("SELECT id FROM customers WHERE id = 3", "tsql", "query-of-unknown-table"),
        ("INSERT INTO orders (id, state) VALUES (1, 'open')", "mysql", "insert-misses-required"),
        ("INSERT INTO orders (id, user_id) VALUES (1, 2, 3)", "sqlite", "value-count-mismatch"),
        ("INSERT INTO orders VALUES (1, 2, 'a', 'b')", "mysql", "insert-without-columns"),
        ("SELECT user_id, state, COUNT(*) FROM orders WHERE user_id = 3 GROUP BY user_id", "tsql", "ungrouped-column"),
        ("SELECT state, COUNT(*) FROM orders WHERE user_id = 3", "postgres", "ungrouped-column"),
        ("SELECT id FROM orders WHERE state = 'open'", "mysql", "filter-unindexed"),
        ("SELECT id FROM users WHERE lower(email) = 'a'", "postgres", "function-hides-index"),
        ("SELECT o.id FROM orders o JOIN users u ON u.email = o.user_id WHERE o.user_id = 3", "postgres",
         "join-type-mismatch"),
        ("SELECT id FROM orders WHERE note <> NULL AND user_id = 3", "sqlite", "null-compared"),
    ],
)  # fmt: skip
def test_a_reviewer_objects(sql: str, dialect: str, rule: str) -> None:
    assert rule in told(sql, dialect)


@pytest.mark.parametrize(
    ("sql", "dialect", "arguments", "rules"),
    [
        ("SELECT id FROM users WHERE id = %s", "mysql", ", (value,)", []),
        ("SELECT id FROM users WHERE id = ?", "sqlite", ", (value,)", []),
        ("SELECT id FROM users WHERE id = ?", "tsql", ", value", []),
        ("SELECT id FROM users WHERE id = ?", "mysql", ", (value,)", ["placeholder-style-mismatch"]),
        ("SELECT id FROM users WHERE id = $1", "postgres", ", (value,)", ["placeholder-style-mismatch"]),
        ("SELECT id FROM users WHERE id = ? AND email = ?", "sqlite", ", (value,)", ["placeholder-count-mismatch"]),
        ("SELECT id FROM users WHERE id = %(a)s", "postgres", ", {'b': value}", ["placeholder-count-mismatch"]),
        ("SELECT id FROM users WHERE name LIKE 'a%%' AND id = %s", "postgres", ", (value,)", []),
    ],
)
def test_placeholders_fit_driver_and_values(sql: str, dialect: str, arguments: str, rules: list[str]) -> None:
    assert told(sql, dialect, arguments) == rules


def test_the_stage_lists_what_it_could_not_read() -> None:
    files = {"app/store.py": "def run(connection, where):\n    connection.execute(f'SELECT a FROM {where} b c d')\n"}

    async def run() -> tuple[State, list[str]]:
        async with Bench() as bench:
            result = await lint.judge(Subject(Draft.of(files)), bench)
        return result.stage.state, [each.why for each in result.not_checked]

    assert asyncio.run(run()) == (State.PASSED, ["it is put together at run time"])
