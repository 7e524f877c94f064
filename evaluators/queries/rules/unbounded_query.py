"""Rule unbounded-query."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from evaluators.code.expressions import unread
from evaluators.code.texts import HOLE
from evaluators.finding import Severity
from evaluators.queries.facts import Parsed, Queries
from evaluators.queries.predicates import is_aggregate, is_limited, is_narrow
from evaluators.rule import Flaw, rule

_USUAL = 3
"""Lists with a limit that make it the project's habit, where one at most in four has none."""
_JOINED = re.compile(rf"\bwhere\s+{HOLE}\d+\s+order\s+by\s+(?!.*{HOLE})", re.IGNORECASE | re.DOTALL)
"""Conditions that come at run time, before a known end: no LIMIT hides in them."""


@rule("unbounded-query", family="queries", severity=Severity.WARNING)
def unbounded_query(queries: Queries) -> Iterator[Flaw]:
    """A list route reads a whole table without LIMIT.

    Why: It answers with as many rows as there are. One day that is too many for the memory, the network or the
    caller.

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
        ```python app/main.py
        import psycopg
        from fastapi import Depends, FastAPI

        from app.db import connect

        app = FastAPI()

        @app.get("/orders")
        def orders(connection: psycopg.Connection = Depends(connect)):
            return connection.execute("SELECT id, state FROM orders ORDER BY id").fetchall()
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
        ```python app/main.py
        import psycopg
        from fastapi import Depends, FastAPI

        from app.db import connect

        app = FastAPI()

        @app.get("/orders")
        def orders(limit: int = 50, connection: psycopg.Connection = Depends(connect)):
            return connection.execute("SELECT id, state FROM orders ORDER BY id LIMIT %s", (limit,)).fetchall()
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
        ```python app/main.py
        import psycopg
        from fastapi import Depends, FastAPI

        from app.db import connect

        app = FastAPI()

        @app.get("/users/{user_id}/orders")
        def orders(user_id: int, connection: psycopg.Connection = Depends(connect)):
            return connection.execute("SELECT id, state FROM orders WHERE user_id = %s", (user_id,)).fetchall()

        @app.get("/orders/states")
        def states(connection: psycopg.Connection = Depends(connect)):
            return connection.execute("SELECT state, count(*) FROM orders GROUP BY state").fetchall()
        ```

    Precision: Queries that a GET route sends, that take all rows and whose conditions name no key, foreign key or
    owner; and lists whose conditions are joined at run time, where most such lists of the project have a limit.
    Tables of a few fixed rows (currencies, roles) are named wrongly.

    Source: OWASP API4:2023 Unrestricted Resource Consumption.
    """
    yield from _unlike_others(queries)
    for query in queries.of_kind("select"):
        routes = [route for route in query.routes if route.method == "GET"]
        if not routes or query.open or query.query is None or query.query.fetch != "all":
            continue
        level = query.levels[0] if query.levels else None
        if (
            level is None
            or not isinstance(level.node, exp.Select)
            or is_limited(level.node)
            or is_aggregate(level.node)
        ):
            continue
        if not level.tables or is_narrow(level):
            continue
        yield query.flaw(
            f"{routes[0].symbol} reads every row of `{query.table}`.",
            "Take a limit with a largest value, and put it into the query.",
        )


def _unlike_others(queries: Queries) -> Iterator[Flaw]:
    """Lists with conditions of run time that take every row, where the project's others have a limit."""
    lists = [each for each in queries.of_kind("select") if _is_list(each)]
    limited = [each for each in lists if is_limited(each.tree)]
    bare = [each for each in lists if not is_limited(each.tree)]
    usual = len(limited) >= _USUAL and len(bare) * 3 <= len(limited)
    for query in bare:
        around = query.query.around if query.query is not None else None
        forgotten = around is not None and bool({"limit", "page_size", "per_page", "size"} & unread(around))
        if usual or forgotten:
            yield query.flaw(
                f"{query.name} reads every row of `{query.table}` that its filters leave, and has no limit.",
                "Take a limit with a largest value, and put it into the query.",
            )


def _is_list(query: Parsed) -> bool:
    """Whether a query lists rows by conditions that are joined at run time, and its end is known."""
    if query.query is None or query.query.fetch != "all" or not isinstance(query.tree, exp.Select):
        return False
    return bool(_JOINED.search(query.text)) and not is_aggregate(query.tree)
