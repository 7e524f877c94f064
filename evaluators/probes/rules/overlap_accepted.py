"""The probe `overlap-accepted`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_times import overlaps
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("overlap-accepted", family="probes", severity=Severity.ERROR, cwe="CWE-840", owasp="")
async def overlap_accepted(world: World) -> AsyncIterator[Flaw]:
    """A span that overlaps another is accepted where the very same one is refused.

    Why: Equality is compared in place of overlap: a room is booked at ten for two
        hours, and again at eleven.

    Sends: Each creation with a span that is refused when it is repeated, moved by
        half of its length.

    Applies: Where the same request two lengths later is accepted, so that it is the
        time that the repetition is refused for.

    Proves: The moved one is accepted beside the first.

    Precision: Slots that are fixed by their start look like it if their ends reach
        into the next.

    Source: CWE-840; PostgreSQL documentation, Range Types (exclusion constraints).
    """
    async for each in overlaps(world):
        yield each
