"""The probe `negative-amount-moved`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_amounts import negatives
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("negative-amount-moved", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-20", owasp="API6:2023")
async def negative_amount_moved(world: World) -> AsyncIterator[Flaw]:
    """A negative amount is accepted and moves what it should take the other way.

    Why: A transfer of -100 takes 100 from whoever should get it; an order of -3
        items fills the stock and pays its buyer.

    Sends: Each request whose amount says how far other numbers move, with the
        amount's sign turned.

    Applies: To numbers of a body on which a move depends, where the contract asks
        for none below zero, or one row gives what another gets, or nothing speaks
        of corrections that have a sign.

    Proves: The request is accepted and a number has moved backwards.

    Precision: An adjustment with a sign that is not called so may look like it.

    Source: CWE-20; CWE-840 (business logic errors); OWASP API6:2023.
    """
    async for each in negatives(world):
        yield each
