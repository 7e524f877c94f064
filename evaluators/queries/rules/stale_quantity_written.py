"""Rule stale-quantity-written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evaluators.finding import Severity
from evaluators.queries.facts import Queries
from evaluators.queries.races import is_guarded, is_locked, reads_for, written_plainly
from evaluators.rule import Flaw, rule


@rule("stale-quantity-written", family="queries", severity=Severity.WARNING)
def stale_quantity_written(queries: Queries) -> Iterator[Flaw]:
    """A quantity is read, changed in Python and written back, with nothing that locks the row.

    Why: Two calls at once read the same value; the second write undoes the first. Money or stock is made or lost.

    Bad:
        ```sql schema.sql
        create table accounts (id bigint primary key, balance numeric(12, 2) not null);
        ```
        ```python app/store.py
        import psycopg

        def withdraw(connection: psycopg.Connection, account: int, amount: int):
            row = connection.execute("SELECT balance FROM accounts WHERE id = %s", (account,)).fetchone()
            rest = row[0] - amount
            connection.execute("UPDATE accounts SET balance = %s WHERE id = %s", (rest, account))
        ```

    Good:
        ```sql schema.sql
        create table accounts (id bigint primary key, balance numeric(12, 2) not null);
        ```
        ```python app/store.py
        import psycopg

        def withdraw(connection: psycopg.Connection, account: int, amount: int):
            row = connection.execute("SELECT balance FROM accounts WHERE id = %s FOR UPDATE", (account,)).fetchone()
            rest = row[0] - amount
            connection.execute("UPDATE accounts SET balance = %s WHERE id = %s", (rest, account))
        ```

    Boundary:
        ```sql schema.sql
        create table accounts (id bigint primary key, balance numeric(12, 2) not null);
        ```
        ```python app/store.py
        import psycopg

        def withdraw(connection: psycopg.Connection, account: int, amount: int):
            row = connection.execute("SELECT balance FROM accounts WHERE id = %s", (account,)).fetchone()
            if row[0] < amount:
                raise ValueError("too little")
            connection.execute(
                "UPDATE accounts SET balance = balance - %s WHERE id = %s AND balance >= %s", (amount, account, amount)
            )
        ```

    Precision: Sees both statements in one function, on the same numeric column. FOR UPDATE, a comparison of the
    old value or of a version in the WHERE, an explicit lock, a stricter isolation level, and
    SQLite's single writer count as safe.

    Source: PostgreSQL manual, Explicit Locking; CWE-362.
    """
    for write in queries.of_kind("update"):
        if write.query is None or write.target is None or write.dialect == "sqlite" or is_guarded(write):
            continue
        for name in written_plainly(write):
            reads = [each for each in queries.of_kind("select") if reads_for(each, write, name)]
            if reads and not any(is_locked(each.tree) for each in reads):
                yield replace(
                    write.flaw(
                        f"`{write.target.key}.{name}` is read and written back, and no lock is held in between.",
                        f"Write {name} = {name} - ... in one statement, or read it FOR UPDATE.",
                        about=name,
                    ),
                    places=(reads[0].at,),
                )
