"""Rule filter-unindexed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.queries.facts import Queries
from evaluators.queries.predicates import asks, unanswered
from evaluators.rule import Flaw, rule


@rule("filter-unindexed", family="queries", severity=Severity.WARNING)
def filter_unindexed(queries: Queries) -> Iterator[Flaw]:
    """A query filters by columns that no index begins with.

    Why: Every call reads the whole table. It is fast while the table is small, and the slowest query a year later.

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
            sql = "SELECT id FROM orders WHERE state = %s LIMIT 50"
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
            sql = "SELECT id FROM orders WHERE user_id = %s AND state = 'open' LIMIT 50"
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

        def run(connection: psycopg.Connection, value):
            sql = "SELECT id FROM orders WHERE created_at > now() - interval '1 day' AND state = %s LIMIT 50"
            return connection.execute(sql, (value,))
        ```

    Precision: Only where the schema is known and no condition of the query has any index, partial and expression
    ones included. Booleans and OR are left out, and statements that a route or query file does not
    send often may not matter.

    Source: Use The Index, Luke: The Where Clause.
    """
    for query in queries.of_kind("select", "update", "delete"):
        if query.origin in ("view", "function") or query.open or not queries.certain:
            continue
        for level in query.levels:
            table = unanswered(level)
            if table is not None:
                names = sorted({each.column.name for each in asks(level) if each.table is table})
                listed = ", ".join(f"`{name}`" for name in names)
                yield query.flaw(
                    f"`{table.key}` is filtered by {listed}, with which no index begins.",
                    f"Add an index on {table.key} ({names[0]}).",
                    about=",".join(names),
                )
