"""The probe `self-transfer-accepted`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_amounts import to_oneself
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "self-transfer-accepted", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-840", owasp="API6:2023"
)
async def self_transfer_accepted(world: World) -> AsyncIterator[Flaw]:
    """A transfer from a row to itself is booked, makes an amount out of nothing or breaks.

    Why: Two objects for one row are read, one is lowered, the other raised, and the
        last one written wins: the balance grows with each transfer to oneself.

    Sends: Each request that takes from one row what it gives to another, with both
        ends the same.

    Applies: To plays that move one column of two rows by opposite amounts.

    Proves: It is accepted and a row is added or the sum has changed, or the answer
        is a 500.

    Precision: The other end is found in the body, or behind one row that points to
        it.

    Source: CWE-840; CWE-841 (improper enforcement of behavioral workflow).
    """
    async for each in to_oneself(world):
        yield each
