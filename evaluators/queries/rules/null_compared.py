"""Rule null-compared."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.queries.facts import Queries
from evaluators.rule import Flaw, rule


@rule("null-compared", family="queries")
def null_compared(queries: Queries) -> Iterator[Flaw]:
    """A value is compared with NULL by `=` or `<>`, which is never true.

    Why: NULL equals nothing, not even NULL. The condition holds for no row and says nothing about it.

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
            sql = "SELECT id FROM users WHERE org_id = NULL"
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
            sql = "SELECT id FROM users WHERE org_id IS NULL"
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

        def run(connection: psycopg.Connection, value):
            sql = "UPDATE users SET org_id = NULL WHERE id = %s"
            return connection.execute(sql, (value,))
        ```

    Precision: Only the constant NULL; a parameter that is None at run time is not seen.

    Source: PostgreSQL manual, Comparison Functions and Operators.
    """
    for query in queries.parsed:
        for node in query.tree.find_all(exp.EQ, exp.NEQ):
            # An assignment of UPDATE ... SET is an EQ too.
            assigned = isinstance(node.parent, exp.Update) and node.arg_key == "expressions"
            in_set = node.find_ancestor(exp.OnConflict) is not None and node.arg_key == "expressions"
            if (
                not assigned
                and not in_set
                and (isinstance(node.expression, exp.Null) or isinstance(node.this, exp.Null))
            ):
                other = node.this if isinstance(node.expression, exp.Null) else node.expression
                sign = "=" if isinstance(node, exp.EQ) else "<>"
                yield query.flaw(
                    f"`{other.sql()[:60]} {sign} NULL` is never true.", "Write IS NULL or IS NOT NULL.", node
                )
