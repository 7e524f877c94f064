"""Rule sort-unindexed."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.finding import Severity
from evaluators.queries.facts import Queries
from evaluators.queries.predicates import asks, is_answered, is_limited
from evaluators.rule import Flaw, rule


@rule("sort-unindexed", family="queries", severity=Severity.INFO, strict=True)
def sort_unindexed(queries: Queries) -> Iterator[Flaw]:
    """A list is sorted by a column that no index begins with, and nothing narrows it first.

    Why: To give the first ten rows the database reads and sorts all of them, for each page.

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

        def run(connection: psycopg.Connection):
            sql = "SELECT id FROM orders ORDER BY state LIMIT 10"
            return connection.execute(sql)
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

        def run(connection: psycopg.Connection):
            sql = "SELECT id FROM orders ORDER BY created_at DESC LIMIT 10"
            return connection.execute(sql)
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
            sql = "SELECT id FROM orders WHERE user_id = %s ORDER BY state LIMIT 10"
            return connection.execute(sql, (value,))
        ```

    Precision: In the preset `strict`: on a small table it is nothing. A filter by an indexed column narrows, so
    nothing is said then.

    Source: Use The Index, Luke: Sorting and Grouping.
    """
    for query in queries.of_kind("select"):
        for level in query.levels:
            order = level.node.args.get("order")
            if not isinstance(order, exp.Order) or not is_limited(level.node) or level.sole is None or query.open:
                continue
            table = level.sole
            if any(is_answered(table, each.column) for each in asks(level)) or not order.expressions:
                continue
            first = order.expressions[0].this
            named = level.meaning(first) if isinstance(first, exp.Column) else None
            if named is not None and named.column is not None and not is_answered(table, named.column):
                told = f"`{table.key}` is sorted by `{named.column.name}`, with which no index begins."
                yield query.flaw(told, f"Add an index on {table.key} ({named.column.name}).", first, named.column.name)
