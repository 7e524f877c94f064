"""Rule query-of-unknown-column."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from evaluators.queries.facts import Queries
from evaluators.queries.unknown import unknown_columns
from evaluators.rule import Flaw, rule


@rule("query-of-unknown-column", family="queries")
def query_of_unknown_column(queries: Queries) -> Iterator[Flaw]:
    """A query names a column that its table does not have.

    Why: It fails at run time, each time. Often the column was renamed, or is another table's.

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
            sql = "SELECT o.total FROM orders o WHERE o.user_id = %s"
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
            sql = "SELECT o.state FROM orders o WHERE o.user_id = %s"
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
            sql = "SELECT count(*) AS total FROM orders WHERE user_id = %s ORDER BY total"
            return connection.execute(sql, (value,))
        ```

    Precision: Only where every statement of the schema was read, and where the name can mean no other source (a
    subquery, a function, an alias).

    Source: SQLSTATE 42703 undefined_column.
    """
    if queries.certain:
        for query in queries.parsed:
            if query.origin in ("view", "function") or query.dialect != queries.dialect:
                continue
            told: set[str] = set()
            for table, name, node in unknown_columns(query):
                if name in told:
                    continue
                told.add(name)
                close = difflib.get_close_matches(name, [each.name for each in table.columns], 1, 0.7)
                hint = f"Near to it: {close[0]}." if close else ""
                yield query.flaw(f"`{table.key}` has no column `{name}`.", hint, node, f"{table.key}.{name}")
