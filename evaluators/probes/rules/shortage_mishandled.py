"""The probe `shortage-mishandled`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_amounts import shortages
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("shortage-mishandled", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-840", owasp="API6:2023")
async def shortage_mishandled(world: World) -> AsyncIterator[Flaw]:
    """More is taken than there is, or trying it breaks the service.

    Why: An account below zero is a loan that nobody granted, a stock below zero an
        order that cannot be sent. Where only a CHECK holds it, the user sees a 500.

    Sends: Each request that lowers a number, after the gate has set that number to
        one less than it takes.

    Applies: To plays that lower a number of a row which is not below zero anywhere.

    Proves: The request is accepted and the number is below zero, or the answer is a
        500.

    Precision: Nothing is said where a word of the contract or the table speaks of
        overdrafts or back orders.

    Source: CWE-840; OWASP API6:2023.
    """
    async for each in shortages(world):
        yield each
