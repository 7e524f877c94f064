"""Rule insert-without-columns."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.finding import Severity
from evaluators.queries.facts import Queries
from evaluators.rule import Flaw, rule


@rule("insert-without-columns", family="queries", severity=Severity.WARNING)
def insert_without_columns(queries: Queries) -> Iterator[Flaw]:
    """An INSERT names no columns.

    Why: It means the columns in the order of the table. A migration that adds one breaks it, or puts values into
    the wrong ones.

    Bad:
        ```sql schema.sql
        create table orders (
          id bigint primary key,
          user_id bigint not null,
          email text not null,
          state text not null default 'open',
          paid boolean not null default false,
          created_at timestamptz not null default now()
        );
        create index orders_user on orders (user_id);
        create index orders_email on orders (email);
        create index orders_created on orders (created_at);
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value):
            sql = "INSERT INTO orders VALUES (%s, 1, 'a@example.org', 'open', false, now())"
            return connection.execute(sql, (value,))
        ```

    Good:
        ```sql schema.sql
        create table orders (
          id bigint primary key,
          user_id bigint not null,
          email text not null,
          state text not null default 'open',
          paid boolean not null default false,
          created_at timestamptz not null default now()
        );
        create index orders_user on orders (user_id);
        create index orders_email on orders (email);
        create index orders_created on orders (created_at);
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value):
            sql = "INSERT INTO orders (id, user_id, email) VALUES (%s, 1, 'a@example.org')"
            return connection.execute(sql, (value,))
        ```

    Boundary:
        ```sql schema.sql
        create table orders (
          id bigint primary key,
          user_id bigint not null,
          email text not null,
          state text not null default 'open',
          paid boolean not null default false,
          created_at timestamptz not null default now()
        );
        create index orders_user on orders (user_id);
        create index orders_email on orders (email);
        create index orders_created on orders (created_at);
        create table markers (name text primary key);
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value):
            sql = "INSERT INTO markers VALUES (%s)"
            return connection.execute(sql, (value,))
        ```

    Precision: Tables of one column, and INSERT ... DEFAULT VALUES, are left out.

    Source: SQL Antipatterns, Implicit Columns.
    """
    for query in queries.of_kind("insert"):
        named = isinstance(query.tree.this, exp.Schema) or query.tree.args.get("columns")
        rows = query.tree.expression
        one = query.target is not None and len(query.target.columns) == 1
        if named or one or rows is None or query.tree.args.get("default"):
            continue
        if isinstance(rows, (exp.Values, exp.Select)):
            yield query.flaw(f"This INSERT into `{query.table}` names no columns.", "Name them.")
