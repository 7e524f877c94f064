"""The probe `total-drifts`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_totals import drifting, misbooked
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("total-drifts", family="probes", severity=Severity.ERROR, cwe="CWE-682")
async def total_drifts(world: World) -> AsyncIterator[Flaw]:
    """A number that sums up other rows does not follow them.

    Why: The bytes of a deleted file stay counted, a cancellation gives one seat back
        where three were taken. Nobody sees it until the quota is full or the stock is
        gone.

    Sends: Each request that makes something and moves a number, then the one that
        removes what was made or moves the number the other way; both with the
        amount that works and with more of it. Each amount twice, against the row
        that is written down with it.

    Applies: To numbers of rows which the request does not itself name.

    Proves: After both the number is another than before, or it moved by another
        amount than the new row says.

    Precision: What comes back in part by design (a fee) does so for every amount,
        and is left out. Names that speak of all times (downloads, views) are left out
        as well.

    Source: CWE-682, Incorrect Calculation.
    """
    async for each in drifting(world):
        yield each
    async for each in misbooked(world):
        yield each
