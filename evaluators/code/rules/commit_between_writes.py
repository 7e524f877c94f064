"""Rule commit-between-writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.writes import commit_between
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_MEANT = re.compile(
    r"seed|job|worker|outbox|migrat|backfill|batch|claim|retry|poll|setup|init|main|test", re.IGNORECASE
)


@rule("commit-between-writes", family="code", severity=Severity.WARNING)
def commit_between_writes(code: Code) -> Iterator[Flaw]:
    """A function commits between two of its writes.

    Why: When the second write fails, the first stays: money has left one account and reached none.

    Bad:
        ```python app/store.py
        def transfer(connection, source: int, target: int, amount: int):
            connection.execute("UPDATE accounts SET balance = balance - %s WHERE id = %s", (amount, source))
            connection.commit()
            connection.execute("UPDATE accounts SET balance = balance + %s WHERE id = %s", (amount, target))
            connection.commit()
        ```

    Good:
        ```python app/store.py
        def transfer(connection, source: int, target: int, amount: int):
            connection.execute("UPDATE accounts SET balance = balance - %s WHERE id = %s", (amount, source))
            connection.execute("UPDATE accounts SET balance = balance + %s WHERE id = %s", (amount, target))
            connection.commit()
        ```

    Boundary:
        ```python app/store.py
        def move(connection, rows: list[int]):
            for row in rows:
                connection.execute("UPDATE accounts SET moved = true WHERE id = %s", (row,))
                connection.commit()

        def either(connection, row: int, kind: str):
            if kind == "a":
                connection.execute("UPDATE accounts SET a = true WHERE id = %s", (row,))
                connection.commit()
                return
            connection.execute("UPDATE accounts SET b = true WHERE id = %s", (row,))
            connection.commit()
        ```

    Precision: Only two or more commits and writes in one straight run of statements (same block). Batches in a
    loop, branches, and functions whose name speaks of jobs, seeds or outboxes are left out, for
    there a commit in between is often meant.

    Source: PostgreSQL manual, Transactions; OWASP API6:2023.
    """
    for module in code.speaking(".commit("):
        for function in module.functions:
            if _MEANT.search(function.name) or module.parents.get(function) is None:
                continue
            commit = commit_between(code, module, function)
            if commit is not None:
                yield Flaw(
                    f"{module.name}.{module.qualified(function)}",
                    module.at(commit),
                    "This commit stands between two writes of one function.",
                    module.source(commit),
                    "Write all of it in one transaction, and commit once at the end.",
                )
