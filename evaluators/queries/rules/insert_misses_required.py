"""Rule insert-misses-required."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.queries.facts import Queries
from evaluators.queries.inserts import insert_columns, is_required
from evaluators.rule import Flaw, rule


@rule("insert-misses-required", family="queries")
def insert_misses_required(queries: Queries) -> Iterator[Flaw]:
    """An INSERT leaves out a column that is NOT NULL and has no default.

    Why: Every call of it fails.

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
            sql = "INSERT INTO orders (id, user_id) VALUES (%s, 1)"
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
        create table notes (id bigint generated always as identity primary key, body text not null);
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value):
            sql = "INSERT INTO notes (body) VALUES (%s)"
            return connection.execute(sql, (value,))
        ```

    Precision: Only where every statement of the schema was read. Identity, generated and serial columns, SQLite's
    rowid, and tables with a trigger before INSERT are left out.

    Source: SQLSTATE 23502 not_null_violation.
    """
    for query in queries.of_kind("insert"):
        columns = insert_columns(query.tree)
        if not columns or query.target is None or query.open or not queries.certain or query.dialect != queries.dialect:
            continue
        if any("insert" in each.events and each.timing != "after" for each in query.target.triggers):
            continue
        missing = [each.name for each in query.target.columns if each.name.lower() not in columns and is_required(each)]
        if missing and not any(name.startswith("hole_") for name in columns):
            listed = ", ".join(f"`{name}`" for name in missing)
            told = f"This INSERT into `{query.target.key}` leaves out {listed}, which must not be NULL."
            yield query.flaw(told, "Give a value, or the column a default.", about=",".join(missing))
