"""Rule offset-paging."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.finding import Severity
from evaluators.queries.facts import Queries
from evaluators.rule import Flaw, rule


@rule("offset-paging", family="queries", severity=Severity.INFO, strict=True)
def offset_paging(queries: Queries) -> Iterator[Flaw]:
    """A list is paged by OFFSET.

    Why: The database reads and throws away all that was skipped, and rows that come or go between two pages are
    seen twice or never.

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
            sql = "SELECT id FROM orders ORDER BY id LIMIT 10 OFFSET %s"
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
            sql = "SELECT id FROM orders WHERE id > %s ORDER BY id LIMIT 10"
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
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection):
            sql = "SELECT id FROM orders ORDER BY id LIMIT 1 OFFSET 2"
            return connection.execute(sql)
        ```

    Precision: In the preset `strict`: on short lists OFFSET is fine. A constant offset is no page; a page without
    an order is told by its own rule.

    Source: Use The Index, Luke: We need tool support for keyset pagination.
    """
    for query in queries.of_kind("select"):
        for level in query.levels:
            offset = level.node.args.get("offset")
            ordered = level.node.args.get("order") is not None
            if ordered and isinstance(offset, exp.Offset) and not isinstance(offset.expression, exp.Literal):
                yield query.flaw(f"`{query.table}` is paged by OFFSET.", "Go on after the last key of the page before.")
                break
