"""Rule join-type-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.finding import Severity
from evaluators.queries.facts import Queries
from evaluators.rule import Flaw, rule
from evaluators.sql.facts import Column

_ALIKE = ({"integer", "decimal", "float"}, {"timestamp", "date"}, {"text", "enum"}, {"json", "other"})
_SURE = {"integer", "decimal", "float", "text", "uuid", "timestamp", "date", "boolean", "bytes"}


def _differ(first: Column, second: Column) -> bool:
    """Whether two columns are of types that do not compare as they are."""
    kinds = {first.type.family, second.type.family}
    return len(kinds) == 2 and kinds <= _SURE and not any(kinds <= each for each in _ALIKE)


@rule("join-type-mismatch", family="queries", severity=Severity.WARNING)
def join_type_mismatch(queries: Queries) -> Iterator[Flaw]:
    """A join compares columns of different types.

    Why: One side is cast for every row, so its index is not used; where the database refuses to cast, the query
    fails.

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
        create table users (id text primary key);
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value):
            sql = "SELECT o.id FROM orders o JOIN users u ON u.id = o.user_id WHERE o.user_id = %s LIMIT 5"
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
        create table users (id bigint primary key);
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value):
            sql = "SELECT o.id FROM orders o JOIN users u ON u.id = o.user_id WHERE o.user_id = %s LIMIT 5"
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
        create table users (id integer primary key);
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value):
            sql = "SELECT o.id FROM orders o JOIN users u ON u.id = o.user_id WHERE o.user_id = %s LIMIT 5"
            return connection.execute(sql, (value,))
        ```

    Precision: Compares families of types (numbers, text, uuid, times); widths within one family are fine. Only
    where both columns are known.

    Source: PostgreSQL manual, Type Conversion; Use The Index, Luke: Numeric Strings.
    """
    for query in queries.parsed:
        for level in query.levels:
            for condition in (*level.joined, *level.conditions):
                if not isinstance(condition, exp.EQ):
                    continue
                sides = (condition.this, condition.expression)
                named = [level.meaning(each) for each in sides if isinstance(each, exp.Column)]
                known = [each.column for each in named if each.column is not None and each.candidates == 1]
                if len(known) == 2 and _differ(known[0], known[1]):
                    first, second = (f"{each.table.key}.{each.node.name}" for each in named if each.table is not None)
                    yield query.flaw(
                        f"`{first}` is {known[0].type} and `{second}` is {known[1].type}.",
                        "Give both the same type.",
                        condition,
                        f"{first}={second}",
                    )
