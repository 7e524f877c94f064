"""Rule function-hides-index."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.finding import Severity
from evaluators.queries.facts import Queries
from evaluators.queries.predicates import Ask, asks, first_columns, is_answered
from evaluators.rule import Flaw, rule


def _is_plain(node: exp.Expr) -> bool:
    """Whether the condition is a comparison with one side worked out from a column."""
    return isinstance(node.this, (exp.Func, exp.Cast)) or isinstance(node.expression, (exp.Func, exp.Cast))


def _expressed(ask: Ask) -> bool:
    """Whether an index of the table holds an expression with the column."""
    return any(ask.column.name in text.lower() for index in ask.table.indexes for text in index.expressions)


@rule("function-hides-index", family="queries", severity=Severity.WARNING)
def function_hides_index(queries: Queries) -> Iterator[Flaw]:
    """A condition puts a function around an indexed column, so the index is not used.

    Why: The index holds the column's values, not the function's. The table is read whole although there is an
    index.

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
            sql = "SELECT id FROM orders WHERE lower(email) = %s LIMIT 5"
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
            sql = "SELECT id FROM orders WHERE email = lower(%s) LIMIT 5"
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
        create index orders_lower_email on orders (lower(email));
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value):
            sql = "SELECT id FROM orders WHERE lower(email) = %s LIMIT 5"
            return connection.execute(sql, (value,))
        ```

    Precision: Silent where any index of the table holds an expression with the column, or where another condition
    has an index. MySQL's case-insensitive collations need no lower at all.

    Source: Use The Index, Luke: Functions.
    """
    for query in queries.of_kind("select", "update", "delete"):
        for level in query.levels:
            found = list(asks(level))
            if any(each.bare and is_answered(each.table, each.column) for each in found):
                continue
            for each in found:
                hidden = not each.bare and each.kind in ("equal", "range") and _is_plain(each.node)
                if hidden and each.column.name in first_columns(each.table) and not _expressed(each):
                    yield query.flaw(
                        f"A function around `{each.table.key}.{each.column.name}` keeps its index from being used.",
                        "Compare the bare column, or index the expression.",
                        each.node,
                        each.column.name,
                    )
