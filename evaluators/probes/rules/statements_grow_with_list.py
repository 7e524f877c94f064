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

    Sends: Each list with the smallest and with a large page size, and
        twice more where the first time tells.

    Applies: To lists of four items or more with a page size, on PostgreSQL.

    Proves: The sessions of the service waited for their client at least
        once more for each further item, as Linux counts it of PostgreSQL's
        processes; the fewest of three times count.

    Precision: With SQLite nothing is seen of it, and of lists without a
        page size nothing is said. A cache within the service hides it.

    Source: PostgreSQL manual, section 55.2 (one exchange of messages a
        statement); proc(5); CWE-1073.
    """
    async for each in told(world, (GROWS,)):
        yield each
