"""Rule selected-star."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.finding import Severity
from evaluators.queries.facts import Queries
from evaluators.queries.stars import is_star, starred_secrets
from evaluators.rule import Flaw, rule


@rule("selected-star", family="queries", severity=Severity.INFO, strict=True)
def selected_star(queries: Queries) -> Iterator[Flaw]:
    """A query selects every column by `*`.

    Why: What comes back changes with every migration: more is read than is used, and a new column goes where
    nobody meant it to.

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
            sql = "SELECT * FROM users WHERE id = %s"
            return connection.execute(sql, (value,)).fetchone()
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
            sql = "SELECT id, email FROM users WHERE id = %s"
            return connection.execute(sql, (value,)).fetchone()
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
            sql = "SELECT count(*) FROM users WHERE EXISTS (SELECT * FROM orders WHERE user_id = users.id)"
            return connection.execute(sql).fetchone()
        ```

    Precision: Taste where the table holds nothing secret; what hands a secret column out is its own rule. Views
    and EXISTS are left out.

    Source: SQL Antipatterns, Implicit Columns; Use The Index, Luke.
    """
    for query in queries.of_kind("select"):
        if query.origin in ("view", "function") or starred_secrets(query):
            continue
        for level in query.levels[:1]:
            if isinstance(level.node, exp.Select) and any(is_star(each) for each in level.node.expressions):
                yield query.flaw(f"Every column of `{query.table}` is selected by `*`.", "Name the columns.")
