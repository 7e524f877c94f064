"""Rule page-without-order."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.queries.facts import Queries
from evaluators.queries.predicates import is_limited
from evaluators.rule import Flaw, rule


@rule("page-without-order", family="queries", severity=Severity.WARNING)
def page_without_order(queries: Queries) -> Iterator[Flaw]:
    """A list is paged without an order.

    Why: Without ORDER BY the database may give rows in another order each time: pages repeat some and lose others.

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
            sql = "SELECT id FROM orders WHERE user_id = %s LIMIT 10 OFFSET %s"
            return connection.execute(sql, (value, 10))
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
            sql = "SELECT id FROM orders WHERE user_id = %s AND id > %s ORDER BY id LIMIT 10"
            return connection.execute(sql, (value, 10))
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

        def run(connection: psycopg.Connection, value):
            sql = "SELECT id FROM orders WHERE user_id = %s LIMIT 10"
            return connection.execute(sql, (value,))
        ```

    Precision: Only with OFFSET, where later pages are certain to be asked for. An order that is no total one is
    not seen.

    Source: PostgreSQL manual, LIMIT and OFFSET.
    """
    for query in queries.of_kind("select"):
        for level in query.levels:
            if level.node.args.get("offset") is None or level.node.args.get("order") is not None or query.open:
                continue
            if query.dialect != "tsql" and is_limited(level.node):
                yield query.flaw(f"`{query.table}` is paged by OFFSET without ORDER BY.", "Order by a unique column.")
                break
