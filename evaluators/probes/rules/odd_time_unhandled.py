"""The probe `odd-time-unhandled`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_odd import crashes, is_time, times
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("odd-time-unhandled", family="probes", severity=Severity.ERROR, cwe="CWE-20", owasp="")
async def odd_time_unhandled(world: World) -> AsyncIterator[Flaw]:
    """A time at the edge of the calendar makes the service answer with a 500.

    Why: The last moment of the calendar in a zone west of Greenwich is none in UTC,
        29 February is none in most years, and a time without a zone cannot be
        compared with one that has it.

    Sends: Each working request with such times in each time of its body and query.

    Applies: To places that take a day or a moment.

    Proves: The answer is a 500 or 502.

    Precision: Six places an operation, the first that breaks is told. A
        connection that is closed without an answer is not taken for a proof.

    Source: RFC 3339; Python documentation, datetime (naive and aware); CWE-20.
    """
    async for each in crashes(world, is_time, times):
        yield each
