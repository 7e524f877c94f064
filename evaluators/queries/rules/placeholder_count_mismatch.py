"""Rule placeholder-count-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.queries.facts import Queries
from evaluators.rule import Flaw, rule


@rule("placeholder-count-mismatch", family="queries")
def placeholder_count_mismatch(queries: Queries) -> Iterator[Flaw]:
    """A query has another number of placeholders than values are sent.

    Why: Every call of it fails.

    Bad:
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value: int):
            return connection.execute("SELECT id FROM orders WHERE id = %s AND state = %s", (value,)).fetchone()
        ```

    Good:
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value: int):
            return connection.execute("SELECT id FROM orders WHERE id = %s AND state = %s", (value, "open")).fetchone()
        ```

    Boundary:
        ```python app/store.py
        from sqlalchemy import text

        def run(session, value: int):
            statement = text("SELECT id FROM orders WHERE parent = :value OR id = :value")
            return session.execute(statement, {"value": value, "unused": 1}).first()
        ```

    Precision: Only where the values are written out at the call. Names that are sent and not used are fine.

    Source: PEP 249; SQLSTATE 08P01.
    """
    for query in queries.parsed:
        sent = query.query
        if sent is None or query.built or sent.arguments is None or len(query.placeholders.styles) != 1:
            continue
        if query.placeholders.names:
            missing = sorted(query.placeholders.names - sent.names) if sent.names is not None else []
            if missing and sent.arguments:
                yield query.flaw(f"No value is sent for `{missing[0]}`.", about=missing[0])
        elif sent.names is None and sent.arguments and sent.arguments != query.placeholders.count:
            told = f"The query wants {query.placeholders.count} values, and {sent.arguments} are sent."
            yield query.flaw(told)
