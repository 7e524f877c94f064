"""Rule not-in-with-nulls."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.finding import Severity
from evaluators.queries.facts import Queries
from evaluators.queries.predicates import asks
from evaluators.queries.scopes import Level
from evaluators.rule import Flaw, rule


def _excluded(level: Level, name: str) -> bool:
    """Whether a condition of the subquery keeps NULLs of a column out: any comparison does."""
    return any(each.column.name == name and each.kind != "null" for each in asks(level))


@rule("not-in-with-nulls", family="queries", severity=Severity.WARNING)
def not_in_with_nulls(queries: Queries) -> Iterator[Flaw]:
    """NOT IN reads a subquery whose column may be NULL: then no row is found.

    Why: `x NOT IN (1, NULL)` is never true. One row without a value empties the whole result.

    Bad:
        ```sql schema.sql
        create table users (
          id bigint primary key,
          email text not null unique,
          name text not null,
          org_id bigint,
          age integer
        );
        create table orders (
          id bigint primary key,
          user_id bigint not null references users (id),
          state text not null default 'open',
          total numeric(12, 2) not null,
          coupon_id bigint,
          created_at timestamptz not null default now()
        );
        create index orders_user on orders (user_id);
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection):
            sql = "SELECT id FROM users WHERE id NOT IN (SELECT coupon_id FROM orders)"
            return connection.execute(sql)
        ```

    Good:
        ```sql schema.sql
        create table users (
          id bigint primary key,
          email text not null unique,
          name text not null,
          org_id bigint,
          age integer
        );
        create table orders (
          id bigint primary key,
          user_id bigint not null references users (id),
          state text not null default 'open',
          total numeric(12, 2) not null,
          coupon_id bigint,
          created_at timestamptz not null default now()
        );
        create index orders_user on orders (user_id);
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection):
            sql = "SELECT id FROM users u WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.coupon_id = u.id)"
            return connection.execute(sql)
        ```

    Boundary:
        ```sql schema.sql
        create table users (
          id bigint primary key,
          email text not null unique,
          name text not null,
          org_id bigint,
          age integer
        );
        create table orders (
          id bigint primary key,
          user_id bigint not null references users (id),
          state text not null default 'open',
          total numeric(12, 2) not null,
          coupon_id bigint,
          created_at timestamptz not null default now()
        );
        create index orders_user on orders (user_id);
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection):
            sql = "SELECT id FROM users WHERE id NOT IN (SELECT coupon_id FROM orders WHERE coupon_id IS NOT NULL)"
            return connection.execute(sql)
        ```

    Precision: Only where the schema says that the column may be NULL and the subquery does not exclude it.

    Source: PostgreSQL wiki, Don't Do This: NOT IN.
    """
    for query in queries.parsed:
        for node in query.tree.find_all(exp.Not):
            inner = node.this
            found = inner.args.get("query") if isinstance(inner, exp.In) else None
            select = found.this if isinstance(found, exp.Subquery) else found
            level = next((each for each in query.levels if each.node is select), None)
            if level is None or not isinstance(level.node, exp.Select) or len(level.node.expressions) != 1:
                continue
            selected = level.node.expressions[0].unalias()
            named = level.meaning(selected) if isinstance(selected, exp.Column) else None
            if (
                named is None
                or named.column is None
                or not named.column.nullable
                or _excluded(level, named.column.name)
            ):
                continue
            told = f"`{named.column.name}` of `{named.table.key if named.table else query.table}` may be NULL."
            yield query.flaw(f"NOT IN finds nothing once {told}", "Write NOT EXISTS.", node)
