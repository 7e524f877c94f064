"""Rule placeholder-style-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.queries.drivers import MARKS, styles_of
from evaluators.queries.facts import Queries
from evaluators.rule import Flaw, rule


@rule("placeholder-style-mismatch", family="queries")
def placeholder_style_mismatch(queries: Queries) -> Iterator[Flaw]:
    """A query's placeholders are not those of its driver.

    Why: The driver does not fill them in, so the statement fails or compares with the text of the placeholder.

    Bad:
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value: int):
            return connection.execute("SELECT id FROM orders WHERE id = ?", (value,)).fetchone()
        ```

    Good:
        ```python app/store.py
        import psycopg

        def run(connection: psycopg.Connection, value):
            sql = "SELECT id FROM orders WHERE id = %s"
            return connection.execute(sql, (value,)).fetchone()
        ```

    Boundary:
        ```python app/store.py
        import sqlite3

        def run(connection: sqlite3.Connection, value: int):
            return connection.execute("SELECT id FROM orders WHERE id = :id AND kind = ?1", {"id": value}).fetchone()
        ```

    Precision: Only in files that import one driver; what SQLAlchemy's text() holds is read as :name.

    Source: PEP 249, paramstyle; asyncpg's documentation.
    """
    for query in queries.parsed:
        if query.query is None or query.query.arguments == 0:
            continue
        wanted = styles_of(query.query)
        wrong = sorted(query.placeholders.styles - wanted) if wanted else []
        if wrong and not query.placeholders.styles & wanted:
            told = f"The placeholders are {MARKS[wrong[0]]}, and this driver takes {MARKS[sorted(wanted)[0]]}."
            yield query.flaw(told, f"Write {MARKS[sorted(wanted)[0]]}.")
