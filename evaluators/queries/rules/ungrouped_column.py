"""Rule ungrouped-column."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.queries.facts import Queries
from evaluators.queries.grouping import ungrouped
from evaluators.queries.scopes import Level
from evaluators.rule import Flaw, rule


@rule("ungrouped-column", family="queries")
def ungrouped_column(queries: Queries) -> Iterator[Flaw]:
    """A column is selected beside an aggregate and is not grouped by.

    Why: PostgreSQL, SQL Server and MySQL in its default mode refuse the query; where it runs, the value is that of
    any row.

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
            sql = "SELECT user_id, email, count(*) FROM orders WHERE user_id > %s GROUP BY user_id"
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
            sql = "SELECT user_id, count(*) FROM orders WHERE user_id > %s GROUP BY user_id"
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
            connection.execute("SELECT id, email, count(*) FROM orders WHERE user_id > %s GROUP BY id", (value,))
            sql = (
                "SELECT o.user_id, o.email, coalesce((SELECT max(p.id) FROM orders p WHERE p.user_id = o.user_id), 0)"
                " FROM orders o WHERE o.id = %s"
            )
            return connection.execute(sql, (value,))
        ```

    Precision: Columns that hang on a grouped primary key are fine, and an aggregate inside a query of its own
    groups nothing outside it. GROUP BY with positions, expressions or
    grouping sets is left out where it cannot be told. SQLite allows it, so nothing is said there.

    Source: SQLSTATE 42803 grouping_error.
    """
    for query in queries.parsed:
        if query.dialect == "sqlite" or query.open:
            continue
        for level in query.levels:
            for name in ungrouped(level) if _groups(level) else ():
                yield query.flaw(f"`{name}` is selected, and neither grouped by nor aggregated.", "", None, name)
                break


def _groups(level: Level) -> bool:
    """Whether a level groups its rows: by GROUP BY, or by an aggregate that stands in no query inside it."""
    return any(isinstance(each, (exp.Group, exp.AggFunc)) for each in level.own)
