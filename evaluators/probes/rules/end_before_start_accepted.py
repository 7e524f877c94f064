"""The probe `end-before-start-accepted`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_times import ends_first
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("end-before-start-accepted", family="probes", severity=Severity.ERROR, cwe="CWE-20", owasp="")
async def end_before_start_accepted(world: World) -> AsyncIterator[Flaw]:
    """A span whose end comes before its start is accepted, or breaks the service.

    Why: Lengths, prices and overlaps are worked out from both, and come out
        negative; a calendar shows nothing or fails.

    Sends: Each request with a start and an end, with the two exchanged.

    Applies: To two times that go to columns of one table, told by their names or by
        a CHECK that compares them.

    Proves: The row holds an end before its start, or the answer is a 500.

    Precision: Two times under other names are not taken for a span.

    Source: CWE-20; ISO 8601, time intervals.
    """
    async for each in ends_first(world):
        yield each
