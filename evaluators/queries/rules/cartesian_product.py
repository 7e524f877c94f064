"""Rule cartesian-product."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.finding import Severity
from evaluators.queries.facts import Queries
from evaluators.queries.scopes import Level, column_of
from evaluators.rule import Flaw, rule


def _apart(level: Level) -> tuple[str, ...]:
    """Two sources that no condition connects; empty where all are connected or one is not understood."""
    if not isinstance(level.node, exp.Select) or any(table is None for table in level.sources.values()):
        return ()
    joins = level.node.args.get("joins") or []
    if any(join.kind or join.side or join.method or join.args.get("using") for join in joins):
        return ()
    names = list(level.sources)
    near = {name: {name} for name in names}
    for condition in (each for part in ("where", "on") for each in _parts(level, part)):
        touched = {name for column in condition.find_all(exp.Column) for name in _sources(level, column)}
        for name in touched:
            near[name] |= touched
    reached = {names[0]} if names else set()
    while len(grown := {each for name in reached for each in near[name]}) > len(reached):
        reached = grown
    left = [name for name in names if name not in reached]
    return (names[0], left[0]) if left else ()


def _parts(level: Level, part: str) -> list[exp.Expr]:
    """The whole conditions of WHERE or of the joins."""
    if part == "where":
        where = level.node.args.get("where")
        return list(level.conditions) if where is not None else []
    return list(level.joined)


def _sources(level: Level, column: exp.Column) -> list[str]:
    """The aliases that a column may belong to."""
    if column.table:
        return [column.table.lower()] if column.table.lower() in level.sources else []
    return [
        name for name, table in level.sources.items() if table is not None and column_of(table, column.name.lower())
    ]


@rule("cartesian-product", family="queries", severity=Severity.WARNING)
def cartesian_product(queries: Queries) -> Iterator[Flaw]:
    """Two tables are read together without a condition that joins them.

    Why: Every row meets every row: a thousand by a thousand is a million, and sums and counts are wrong.

    Bad:
        ```sql schema.sql
        create table users (
          id bigint primary key,
          email text not null unique,
          name text not null,
          org_id bigint,
          age integer
        );
        create table orders (
          id bigint primary key,
          user_id bigint not null references users (id),
          state text not null default 'open',
          total numeric(12, 2) not null,
          coupon_id bigint,
          created_at timestamptz not null default now()
        );
        create index orders_user on orders (user_id);
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value):
            sql = "SELECT u.email, o.total FROM users u, orders o WHERE o.total > %s"
            return connection.execute(sql, (value,))
        ```

    Good:
        ```sql schema.sql
        create table users (
          id bigint primary key,
          email text not null unique,
          name text not null,
          org_id bigint,
          age integer
        );
        create table orders (
          id bigint primary key,
          user_id bigint not null references users (id),
          state text not null default 'open',
          total numeric(12, 2) not null,
          coupon_id bigint,
          created_at timestamptz not null default now()
        );
        create index orders_user on orders (user_id);
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value):
            sql = "SELECT u.email, o.total FROM users u JOIN orders o ON o.user_id = u.id WHERE o.total > %s"
            return connection.execute(sql, (value,))
        ```

    Boundary:
        ```sql schema.sql
        create table users (
          id bigint primary key,
          email text not null unique,
          name text not null,
          org_id bigint,
          age integer
        );
        create table orders (
          id bigint primary key,
          user_id bigint not null references users (id),
          state text not null default 'open',
          total numeric(12, 2) not null,
          coupon_id bigint,
          created_at timestamptz not null default now()
        );
        create index orders_user on orders (user_id);
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection):
            sql = "SELECT u.email, n.day FROM users u CROSS JOIN generate_series(1, 7) AS n (day)"
            return connection.execute(sql)
        ```

    Precision: A CROSS JOIN that is written out is meant. Tables that the schema does not know, and queries with
    parts put in at run time, are left out.

    Source: SQL Antipatterns, Spaghetti Query; PostgreSQL manual, Table Expressions.
    """
    for query in queries.parsed:
        for level in query.levels:
            apart = _apart(level) if not query.open else ()
            if apart:
                yield query.flaw(
                    f"`{apart[0]}` and `{apart[1]}` are read together, and nothing joins them.",
                    "Join them by their key.",
                )
