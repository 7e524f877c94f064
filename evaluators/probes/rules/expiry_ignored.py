"""The probe `expiry-ignored`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_times import expired_work
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("expiry-ignored", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-613", owasp="")
async def expiry_ignored(world: World) -> AsyncIterator[Flaw]:
    """What is over still works.

    Why: A link that was good for a day, a coupon of last year, a reservation that
        has run out: whoever keeps it has it for ever.

    Sends: Each request for a row with a time to come after which it is over, once
        that time was set to the past.

    Applies: To operations that declare 410, that are opened by a secret of the row,
        or that use up a row in its first state and declare 409.

    Proves: The request is accepted and does all that it does before that time.

    Precision: A column is known by its name (expires_at, valid_until, ...), or since the
        service gave new rows a time to come in it while the request named no time. The
        end of a span (ends_at) is none: what is past may still be spoken of.

    Source: CWE-613; OWASP Authentication Cheat Sheet.
    """
    async for each in expired_work(world):
        yield each
