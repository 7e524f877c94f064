"""The probe `sql-injection`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.injection_sql import proofs
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("sql-injection", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-89", owasp="")
async def sql_injection(world: World) -> AsyncIterator[Flaw]:
    """A text of a request becomes a part of an SQL statement.

    Why: Whoever asks reads every table, past every check of who may, and often
        writes them, too.

    Sends: To each text of a path, a query, a header and a body a single quote;
        where something reacts, a condition that is always true, two texts that
        the database would put together, and a further term of an ORDER BY.

    Applies: To places that take text, of operations that were reached.

    Proves: A condition of ours decides which rows come, a stored value was worked
        out by the database, or the database cannot read the statement with one
        quote and can with two.

    Precision: What an error handler hides, and shows in no row, is told by a 500
        at one quote that two quotes and other marks do not give.

    Source: CWE-89; OWASP SQL Injection Prevention Cheat Sheet; OWASP Web Security Testing Guide, WSTG-INPV-05.
    """
    async for each in proofs(world):
        hint = "Pass values as parameters; take names of columns from a list of your own."
        text = f"{each.entry.play.operation.symbol} puts {each.entry.said} into an SQL statement: {each.what}."
        yield flaw(world, each.steps, text, seen=each.seen, hint=hint)
