"""The probe `racing-lost-update`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_proof import race_flaws
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("racing-lost-update", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-362", owasp="API6:2023")
async def racing_lost_update(world: World) -> AsyncIterator[Flaw]:
    """Requests at the same time are all accepted, and a number moves by less than all of them.

    Why: A number that is read, worked out in the program and written back
        loses what others wrote in between. Of four payments one leaves the
        account, and a stock never runs out.

    Sends: Each request that moves a number of a row by the same amount each
        time, four times at once; on PostgreSQL while the gate holds a lock,
        so that all have read before one writes.

    Applies: To plays that raise or lower a number which the request does not
        itself name.

    Proves: The number has moved by less than the accepted requests together.

    Precision: Counters that go with other changes of the same row are taken
        for versions and left out. An amount that the request sets is no move.

    Source: CWE-362; PostgreSQL documentation, Transaction Isolation.
    """
    async for each in race_flaws(world, "lost-update"):
        yield each
