"""The probe `statements-grow-with-list`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_examined import told
from evaluators.probes.behaviour_statements import GROWS
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("statements-grow-with-list", family="probes", severity=Severity.WARNING, cwe="CWE-1073", owasp="")
async def statements_grow_with_list(world: World) -> AsyncIterator[Flaw]:
    """A list sends one more statement for each item that it answers.

    Why: With ten rows nobody notices. With a thousand the list takes
        seconds, and holds a connection all the time (N+1 queries).

    Sends: Each list with the smallest and with a large page size, each three
        times.

    Applies: To lists of four items or more with a page size, of a service that the
        gate started itself.

    Proves: At least one statement more was run for each further item, or for
        each of four different rows that the gate let the items point to, twice
        in a row. PostgreSQL and MariaDB write down what the service sends; on
        SQLite a second instance of the service counts what Python's `sqlite3` runs.

    Precision: Of lists without a page size nothing is said. A cache within the
        service hides it. On SQLite the count comes from within the judged program,
        which could falsify it. A list of which no statement was seen is listed as not
        checked.

    Source: PostgreSQL manual, 19.8.3 What to Log (log_statement); MariaDB Server
        Documentation, General Query Log; SQLite, sqlite3_trace_v2; CWE-1073.
    """
    async for each in told(world, (GROWS,)):
        yield each
