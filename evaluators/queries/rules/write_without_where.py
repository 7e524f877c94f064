"""Rule write-without-where."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.queries.facts import Queries
from evaluators.rule import Flaw, rule

_WHOLE = re.compile(
    r"reset|clear|truncat|seed|purge|refresh|wipe|empty|flush|recreate|rebuild|delete_?all|all_?rows", re.I
)


@rule("write-without-where", family="queries")
def write_without_where(queries: Queries) -> Iterator[Flaw]:
    """An UPDATE or DELETE has no WHERE: it takes every row.

    Why: One call rewrites or empties the table. It is almost always a condition that was forgotten or lost in a
    refactoring.

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

        def run(connection: psycopg.Connection):
            sql = "UPDATE orders SET state = 'paid'"
            return connection.execute(sql)
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
            sql = "UPDATE orders SET state = 'paid' WHERE id = %s"
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

        def reset_for_tests(connection: psycopg.Connection):
            connection.execute("DELETE FROM orders")

        def move(connection: psycopg.Connection, clause: str):
            connection.execute(f"UPDATE orders SET state = 'paid' {clause}")
        ```

    Precision: Silent in functions whose name says that everything goes (reset, clear, seed, purge, refresh), and
    where a clause is put in at run time. A job that means every row must say WHERE true.

    Source: PostgreSQL manual, UPDATE and DELETE; SQL Antipatterns.
    """
    for query in queries.of_kind("update", "delete"):
        narrowed = any(query.tree.args.get(each) for each in ("where", "from_", "from", "using", "limit", "joins"))
        if narrowed or query.open or _WHOLE.search(query.name):
            continue
        verb = query.kind.upper()
        yield query.flaw(
            f"This {verb} on `{query.table}` has no WHERE.", "Say which rows are meant; WHERE true for all."
        )
