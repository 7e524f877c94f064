"""Rule wildcard-search."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.finding import Severity
from evaluators.queries.facts import Queries
from evaluators.rule import Flaw, rule


def _begins_wild(node: exp.Expr) -> bool:
    """Whether a pattern begins with a wildcard."""
    while isinstance(node, (exp.DPipe, exp.Paren, exp.Add)) or (isinstance(node, exp.Concat) and node.expressions):
        node = node.expressions[0] if isinstance(node, exp.Concat) else node.this
    return isinstance(node, exp.Literal) and str(node.this).startswith("%")


@rule("wildcard-search", family="queries", severity=Severity.INFO, strict=True)
def wildcard_search(queries: Queries) -> Iterator[Flaw]:
    """A search begins with a wildcard, which no index of the column answers.

    Why: `LIKE '%word%'` reads every row. On a large table it needs a trigram or full-text index.

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
            sql = "SELECT id FROM orders WHERE email LIKE '%' || %s || '%' LIMIT 5"
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
            sql = "SELECT id FROM orders WHERE email LIKE %s || '%' LIMIT 5"
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
        create index orders_email_trgm on orders using gin (email gin_trgm_ops);
        ```
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value):
            sql = "SELECT id FROM orders WHERE email LIKE '%' || %s || '%' LIMIT 5"
            return connection.execute(sql, (value,))
        ```

    Precision: In the preset `strict`: small tables may be searched so. A wildcard inside a parameter is not seen.

    Source: PostgreSQL manual, pg_trgm; Use The Index, Luke: LIKE.
    """
    for query in queries.parsed:
        for level in query.levels:
            for node in (each for each in level.own if isinstance(each, (exp.Like, exp.ILike))):
                column = node.this.find(exp.Column)
                named = level.meaning(column) if column is not None else None
                if named is None or named.table is None or named.column is None or not _begins_wild(node.expression):
                    continue
                inverted = [i for i in named.table.indexes if i.method in ("gin", "gist", "fulltext", "rum")]
                if not any(named.column.name in " ".join(index.columns) for index in inverted):
                    told = f"`{named.table.key}.{named.column.name}` is searched behind a leading wildcard."
                    yield query.flaw(told, "Add a trigram index, or search by prefix.", node, named.column.name)
