"""The probe `zero-amount-accepted`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_amounts import zeros
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("zero-amount-accepted", family="probes", severity=Severity.ERROR, cwe="CWE-20", owasp="")
async def zero_amount_accepted(world: World) -> AsyncIterator[Flaw]:
    """An amount of zero is booked though nothing moves.

    Why: Rows that stand for nothing fill statements and are numbered, mailed and
        charged like others; whoever may make them for nothing can make many.

    Sends: Each request whose amount moves other numbers, with an amount of zero.

    Applies: Where one row gives what another gets, or the contract asks for more
        than zero.

    Proves: The request is accepted and adds the same row as a real amount.

    Precision: Free things are no transfers and are left alone.

    Source: CWE-20; CWE-840 (business logic errors).
    """
    async for each in zeros(world):
        yield each
