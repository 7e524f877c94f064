"""Rule value-count-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.queries.facts import Queries
from evaluators.queries.inserts import insert_columns
from evaluators.queries.stars import is_star
from evaluators.rule import Flaw, rule


@rule("value-count-mismatch", family="queries")
def value_count_mismatch(queries: Queries) -> Iterator[Flaw]:
    """An INSERT gives another number of values than it names columns.

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
            sql = "INSERT INTO orders (id, user_id, email) VALUES (%s, 1)"
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
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, values: list[str]):
            marks = ", ".join(["%s"] * len(values))
            connection.execute(f"INSERT INTO orders (id, user_id, email) VALUES ({marks})", values)
        ```

    Precision: Rows whose values are put in at run time are left out.

    Source: SQLSTATE 42601 syntax_error: INSERT has more target columns than expressions.
    """
    for query in queries.of_kind("insert"):
        columns, rows = insert_columns(query.tree), query.tree.expression
        if not columns or query.built:
            continue
        given = (
            [row.expressions if isinstance(row, exp.Tuple) else [row] for row in rows.expressions]
            if (isinstance(rows, exp.Values))
            else []
        )
        if isinstance(rows, exp.Select) and not any(is_star(each) for each in rows.expressions):
            given = [rows.expressions]
        wrong = next((len(each) for each in given if len(each) != len(columns)), None)
        if wrong is not None:
            told = f"This INSERT into `{query.table}` names {len(columns)} columns and gives {wrong} values."
            yield query.flaw(told)
