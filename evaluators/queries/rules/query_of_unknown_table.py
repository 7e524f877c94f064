"""Rule query-of-unknown-table."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from evaluators.queries.facts import Queries
from evaluators.queries.unknown import unknown_tables
from evaluators.rule import Flaw, rule

_MAKES = re.compile(
    r"\bcreate\s+(?:temp\w*\s+|unlogged\s+)*table\s+(?:if\s+not\s+exists\s+)?[\"`]?(\w+)", re.IGNORECASE
)


@rule("query-of-unknown-table", family="queries")
def query_of_unknown_table(queries: Queries) -> Iterator[Flaw]:
    """A query names a table that the schema does not have.

    Why: It fails at run time, each time, with an error that no test of another part shows.

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
            sql = "SELECT id FROM order_items WHERE id = %s"
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
            sql = "SELECT id FROM orders WHERE id = %s"
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
            sql = "WITH recent AS (SELECT id FROM orders LIMIT 5) SELECT id FROM recent"
            return connection.execute(sql)
        ```

    Precision: Only where every statement of the schema was read. Tables of the system, temporary tables, views,
    functions and other schemas' tables are left out.

    Source: SQLSTATE 42P01 undefined_table.
    """
    if queries.certain:
        views = {view.name.lower().rpartition(".")[2] for view in queries.schema.views}
        made = {each.lower() for query in queries.code.queries for each in _MAKES.findall(query.text)}
        for query in queries.parsed:
            if query.origin == "view" or query.dialect != queries.dialect:
                continue
            for node in unknown_tables(query, views | made):
                close = difflib.get_close_matches(node.name.lower(), [t.name for t in queries.schema.tables], 1, 0.75)
                hint = f"Near to it: {close[0]}." if close else ""
                yield query.flaw(f"There is no table `{node.name}` in the schema.", hint, node, node.name.lower())
