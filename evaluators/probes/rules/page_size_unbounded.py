"""The probe `page-size-unbounded`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.proof import flaw
from evaluators.probes.resources_pages import unbounded
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("page-size-unbounded", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-770", owasp="API4:2023")
async def page_size_unbounded(world: World) -> AsyncIterator[Flaw]:
    """A list answers as many items as the client asks for.

    Why: One request reads the whole table into memory, and everybody else waits.

    Sends: Each list with a page size of a million, once the table has 1,205 rows
        more.

    Applies: To lists with a page size, whose rows the gate can copy.

    Proves: One answer has all of the rows.

    Precision: A bound above 1,205 is not seen as one. Lists without a page size
        are the contract's matter.

    Source: OWASP API Security Top 10 2023, API4; CWE-770.
    """
    async for each in unbounded(world):
        hint = "Bound the page size, in the contract and in the code."
        yield flaw(world, each.steps, f"{each.play.operation.symbol} {each.what}.", seen=each.seen, hint=hint)
