"""The probe `limit-exceeded`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_examined import told
from evaluators.probes.behaviour_paging import LIMIT
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("limit-exceeded", family="probes", severity=Severity.ERROR, cwe="CWE-770", owasp="")
async def limit_exceeded(world: World) -> AsyncIterator[Flaw]:
    """A list answers more items than its page size allows.

    Why: A client that asks for one item gets all of them; what bounds the
        cost of an answer does not.

    Sends: Each list with the smallest page size that the contract allows.

    Applies: To lists of two items or more with a parameter such as `limit`
        or `per_page`.

    Proves: More items come than were asked for.

    Precision: Nothing is said of sizes beyond the largest.

    Source: The contract's own parameter; CWE-770 where the size is what
        bounds the answer.
    """
    async for each in told(world, (LIMIT,)):
        yield each
