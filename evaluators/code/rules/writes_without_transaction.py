"""Rule writes-without-transaction."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.writes import exclusive, has_transaction, is_write
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("writes-without-transaction", family="code", severity=Severity.WARNING)
def writes_without_transaction(code: Code) -> Iterator[Flaw]:
    """Several statements of one change are sent without a transaction.

    Why: asyncpg commits each statement by itself. When the second one fails, the first stays.

    Bad:
        ```python app/store.py
        import asyncpg

        async def transfer(connection: asyncpg.Connection, source: int, target: int, amount: int):
            await connection.execute("UPDATE accounts SET balance = balance - $1 WHERE id = $2", amount, source)
            await connection.execute("UPDATE accounts SET balance = balance + $1 WHERE id = $2", amount, target)
        ```

    Good:
        ```python app/store.py
        import asyncpg

        async def transfer(connection: asyncpg.Connection, source: int, target: int, amount: int):
            async with connection.transaction():
                await connection.execute("UPDATE accounts SET balance = balance - $1 WHERE id = $2", amount, source)
                await connection.execute("UPDATE accounts SET balance = balance + $1 WHERE id = $2", amount, target)
        ```

    Boundary:
        ```python app/store.py
        import asyncpg

        async def main(connection: asyncpg.Connection):
            async with connection.transaction():
                await transfer(connection, 1, 2)

        async def transfer(connection: asyncpg.Connection, source: int, target: int):
            await connection.execute("UPDATE accounts SET n = n - 1 WHERE id = $1", source)
            await connection.execute("UPDATE accounts SET n = n + 1 WHERE id = $1", target)
        ```

    Precision: asyncpg, the package databases, and connections opened with autocommit: elsewhere a driver begins a
    transaction by itself. A function whose caller opens the transaction is left out.

    Source: asyncpg documentation, Transactions.
    """
    for module in code.own:
        if not {"asyncpg", "databases"} & {each.module.partition(".")[0] for each in module.imports}:
            continue
        for function in module.functions:
            found = [each for each in code.queries if each.around is function and is_write(each.text)]
            if len(found) < 2 or any(each.loop for each in found) or has_transaction(code, module, function):
                continue
            if exclusive(module, function, found[0].node, found[1].node):
                continue
            yield Flaw(
                f"{module.name}.{module.qualified(function)}",
                found[1].sent,
                "Two writes are sent, each in a transaction of its own.",
                module.source(found[1].node),
                "Put them under `async with connection.transaction():`.",
                (found[0].sent,),
            )
