"""Rule query-in-loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.loops import is_once_each, is_short, loops, sending
from evaluators.code.walking import walk
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("query-in-loop", family="code", severity=Severity.WARNING)
def query_in_loop(code: Code) -> Iterator[Flaw]:
    """A query is sent once for each row of another one.

    Why: A hundred rows make a hundred and one round trips. It is fast with ten rows in a test and slow with a
    thousand in use.

    Bad:
        ```python app/store.py
        def orders(connection):
            found = []
            for user in connection.execute("SELECT id FROM users LIMIT 100").fetchall():
                rows = connection.execute("SELECT total FROM orders WHERE user_id = %s LIMIT 9", (user[0],)).fetchall()
                found.append((user[0], rows))
            return found
        ```

    Good:
        ```python app/store.py
        def orders(connection):
            return connection.execute(
                "SELECT u.id, o.total FROM users u JOIN orders o ON o.user_id = u.id ORDER BY u.id LIMIT 100"
            ).fetchall()
        ```

    Boundary:
        ```python app/store.py
        def moved(connection):
            last = 0
            while True:
                rows = connection.execute("SELECT id FROM users WHERE id > %s LIMIT 100", (last,)).fetchall()
                if not rows:
                    return
                last = rows[-1][0]

        def both(connection):
            for table in ("users", "orders"):
                connection.execute("SELECT id FROM users WHERE id = %s", (table,))
        ```

    Precision: Loops over values that are written out, batches by `while`, and writes are left out. Sees the query
    in the loop itself and one call further, in a function of the project.

    Source: Martin Fowler, Patterns of Enterprise Application Architecture, Lazy Load (ripple loading).
    """
    told: set[ast.AST] = set()
    senders = sending(code)
    for module in code.speaking("for") if senders.calls else ():
        for loop, body in loops(module):
            if is_short(module, loop):
                continue
            for node in (each for part in body for each in walk(part)):
                if node in told or not isinstance(node, ast.Call) or not is_once_each(module, node, loop):
                    continue
                behind = code.tools.callees.behind(module, node)
                if node in senders.calls or (behind is not None and behind[1] in senders.functions):
                    told.add(node)
                    yield Flaw(
                        f"{module.name}.{module.qualified(node)}",
                        module.at(node),
                        "A query is sent in a loop, once for each turn.",
                        module.source(node),
                        "Read all rows at once: join, or `WHERE id = ANY (...)`.",
                    )
                    break
