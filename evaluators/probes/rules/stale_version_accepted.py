"""The probe `stale-version-accepted`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_states import stale_accepted
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("stale-version-accepted", family="probes", severity=Severity.ERROR, cwe="CWE-362", owasp="")
async def stale_version_accepted(world: World) -> AsyncIterator[Flaw]:
    """A change of a version that is not the present one is accepted.

    Why: Two people open the same form; the second to save overwrites the first, who
        was told that the change is there. The version is sent to prevent just that.

    Sends: Each request that takes If-Match, or a version in its body, with another
        version; and four at once with the present one.

    Applies: To operations whose contract takes If-Match, and bodies whose number is
        the row's version and rises by one.

    Proves: The request is accepted and rows change; or more than one of those at
        the same time is accepted, though the second one after another is refused.

    Precision: A version under an unusual name is taken for any other number.

    Source: RFC 9110, section 13.1.1 (If-Match); CWE-362.
    """
    async for each in stale_accepted(world):
        yield each
