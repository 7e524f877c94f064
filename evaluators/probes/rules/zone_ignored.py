"""The probe `zone-ignored`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_odd import zones_ignored
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("zone-ignored", family="probes", severity=Severity.ERROR, cwe="CWE-682", owasp="")
async def zone_ignored(world: World) -> AsyncIterator[Flaw]:
    """A time with a zone is stored as if it had none.

    Why: 15:00+05:00 is 10:00 in UTC. Stored as 15:00, an appointment is five hours
        off for whoever is somewhere else.

    Sends: Each working request with the same moment told in the zone +05:00.

    Applies: To moments that are stored in a column.

    Proves: The request is accepted, and the row holds another moment.

    Precision: A service that keeps local times by design, with the zone in a column
        of its own, looks like it.

    Source: RFC 3339, section 4; CWE-682.
    """
    async for each in zones_ignored(world):
        yield each
