"""The probe `transfer-unbalanced`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_amounts import unbalanced
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("transfer-unbalanced", family="probes", severity=Severity.ERROR, cwe="CWE-682", owasp="")
async def transfer_unbalanced(world: World) -> AsyncIterator[Flaw]:
    """What one row loses is not what the other gains.

    Why: Money or stock appears or is lost with each odd amount; nobody sees it
        until the books are closed.

    Sends: Each request that takes from one row what it gives to another, with other
        amounts: two more, a half cent, the largest one.

    Applies: To plays whose moves of one column add up to zero.

    Proves: With another amount the moves do not add up to zero.

    Precision: A fee above some amount that no row gets would look like it.

    Source: CWE-682; double-entry bookkeeping.
    """
    async for each in unbalanced(world):
        yield each
