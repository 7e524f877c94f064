"""Rule page-order-not-total."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.finding import Severity
from evaluators.queries.facts import Queries
from evaluators.queries.predicates import asks, is_limited
from evaluators.queries.scopes import Level
from evaluators.rule import Flaw, rule

_PASSED = (exp.GT, exp.LT, exp.GTE, exp.LTE)


@rule("page-order-not-total", family="queries", severity=Severity.WARNING)
def page_order_not_total(queries: Queries) -> Iterator[Flaw]:
    """A page goes on after a cursor of several columns, and its order leaves one of them out.

    Why: Rows that are equal in the order come in any order. Those that the cut between two pages divides are given
    twice or never.

    Bad:
        ```sql schema.sql
        create table events (
          id bigint primary key,
          space_id bigint not null,
          starts_at timestamptz not null,
          title text not null
        );
        create index events_order on events (space_id, starts_at, id);
        ```
        ```python app/store.py
        import asyncpg

        async def page(db: asyncpg.Connection, space: int, starts_at, after: int):
            sql = '''
                SELECT id, title FROM events
                WHERE space_id = $1 AND (starts_at, id) > ($2, $3)
                ORDER BY starts_at
                LIMIT 20
            '''
            return await db.fetch(sql, space, starts_at, after)
        ```

    Good:
        ```sql schema.sql
        create table events (
          id bigint primary key,
          space_id bigint not null,
          starts_at timestamptz not null,
          title text not null
        );
        create index events_order on events (space_id, starts_at, id);
        ```
        ```python app/store.py
        import asyncpg

        async def page(db: asyncpg.Connection, space: int, starts_at, after: int):
            sql = '''
                SELECT id, title FROM events
                WHERE space_id = $1 AND (starts_at, id) > ($2, $3)
                ORDER BY starts_at, id
                LIMIT 20
            '''
            return await db.fetch(sql, space, starts_at, after)
        ```

    Boundary:
        ```sql schema.sql
        create table events (
          id bigint primary key,
          space_id bigint not null,
          starts_at timestamptz not null,
          title text not null
        );
        create index events_order on events (space_id, starts_at, id);
        ```
        ```python app/store.py
        import asyncpg

        async def page(db: asyncpg.Connection, space: int, starts_at, after: int):
            sql = '''
                SELECT id, title FROM events
                WHERE space_id = $1 AND starts_at > $2 AND id <> $3
                ORDER BY starts_at
                LIMIT 20
            '''
            return await db.fetch(sql, space, starts_at, after)
        ```

    Precision: Reads a comparison of rows, and `a > x OR (a = x AND b > y)`. Silent where a part of the order is no
    plain column, where a column is set equal, and where the query has parts that come at run time.

    Source: Use The Index, Luke: Paging Through Results.
    """
    for query in queries.of_kind("select"):
        for level in query.levels if not query.open else ():
            order = level.node.args.get("order")
            if not isinstance(order, exp.Order) or not is_limited(level.node):
                continue
            sorted_by = [each.this for each in order.expressions if isinstance(each, exp.Ordered)]
            if not sorted_by or not all(isinstance(each, exp.Column) for each in sorted_by):
                continue
            fixed = {each.column.name.lower() for each in asks(level) if each.kind == "equal"}
            named = {each.name.lower() for each in sorted_by} | fixed
            left = [each for each in _cursor(level) if each.name.lower() not in named]
            if left:
                missing = ", ".join(f"`{each.name.lower()}`" for each in left)
                yield query.flaw(
                    f"`{query.table}` is paged by a cursor with {missing}, by which it is not ordered.",
                    f"End ORDER BY with {missing}.",
                    order,
                )
                break


def _cursor(level: Level) -> list[exp.Column]:
    """The columns by which a level goes on after a page: of two at least, else none."""
    for condition in level.conditions:
        found = _compared(condition) or _spelled_out(condition)
        if len(found) > 1:
            return found
    return []


def _compared(condition: exp.Expr) -> list[exp.Column]:
    """The columns of `(a, b) > (x, y)`, on whichever side they stand."""
    if not isinstance(condition, _PASSED):
        return []
    for side in (condition.this, condition.expression):
        if isinstance(side, exp.Tuple) and all(isinstance(each, exp.Column) for each in side.expressions):
            return list(side.expressions)
    return []


def _spelled_out(condition: exp.Expr) -> list[exp.Column]:
    """The columns of `a > x OR (a = x AND b > y)`, in either order."""
    if not isinstance(condition, exp.Or):
        return []
    sides = (condition.left.unnest(), condition.right.unnest())
    for first, then in (sides, sides[::-1]):
        both = (then.left.unnest(), then.right.unnest()) if isinstance(then, exp.And) else ()
        same = next((each.this for each in both if isinstance(each, exp.EQ)), None)
        further = next((each.this for each in both if isinstance(each, _PASSED)), None)
        plain = isinstance(first, _PASSED) and isinstance(first.this, exp.Column) and isinstance(further, exp.Column)
        if plain and same == first.this:
            return [first.this, further]
    return []
