"""The probe `racing-duplicates`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_proof import race_flaws
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("racing-duplicates", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-362", owasp="API6:2023")
async def racing_duplicates(world: World) -> AsyncIterator[Flaw]:
    """What may be made once is made several times by requests at the same time.

    Why: A look whether the thing is there, and an insert after it, let
        everybody through who looks before the first one inserts. Two votes,
        two cards, two accounts with one name follow from a double click.

    Sends: Each creation that is refused when it is repeated, four times at
        once; on PostgreSQL while the gate holds a lock, so that all have
        looked before one inserts.

    Applies: To plays that insert rows and answer a repetition with a 4xx that
        changes nothing.

    Proves: More than one request is accepted, and the table holds more new
        rows than one request makes.

    Precision: A service whose second process would race with the first is
        seen through one process only. Nothing is said where a repetition is
        accepted, since then two rows may be meant.

    Source: CWE-362, CWE-367 (time of check, time of use); OWASP API6:2023.
    """
    async for each in race_flaws(world, "duplicate"):
        yield each
