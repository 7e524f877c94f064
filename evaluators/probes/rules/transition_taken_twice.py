"""The probe `transition-taken-twice`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_proof import race_flaws
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "transition-taken-twice", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-367", owasp="API6:2023"
)
async def transition_taken_twice(world: World) -> AsyncIterator[Flaw]:
    """A step that may be taken once has its effect twice when it is taken twice at the same time.

    Why: The state is read, found right, and written; whoever reads before the
        first writes finds it right too. An order is refunded twice, a
        cancellation gives the stock back twice.

    Sends: Each request that changes a row and is refused when it is repeated,
        four times at once; on PostgreSQL while the gate holds a lock, so that
        all have read before one writes.

    Applies: To plays that change a row and, besides, insert a row or move a
        number, and whose repetition is a 4xx that changes nothing.

    Proves: More than one is accepted, and there are more new rows than one
        request makes, or the number has moved further.

    Precision: A step that only sets a state does no harm twice, and nothing
        is said of it.

    Source: CWE-367; OWASP API6:2023.
    """
    async for each in race_flaws(world, "transition"):
        yield each
