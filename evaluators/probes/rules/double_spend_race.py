"""The probe `double-spend-race`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_proof import race_flaws
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("double-spend-race", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-367", owasp="API6:2023")
async def double_spend_race(world: World) -> AsyncIterator[Flaw]:
    """What is left for one is given to several that ask at the same time.

    Why: The balance, the stock or the number of seats is looked at before it
        is taken from. Requests at the same time see the same rest, and each
        takes it.

    Sends: Each request that takes from a number, or adds a row to something
        with a capacity, after the gate has set that number so that it is
        enough for one time: twice one after another, then several at once.

    Applies: Where the second of two requests is refused then, and accepted
        with the number as it was.

    Proves: More than one of those at the same time is accepted, and there are
        more new rows than one makes, or the number is below zero.

    Precision: A limit that no column holds (a constant of the program) is not
        seen.

    Source: CWE-367; OWASP API6:2023 (unrestricted access to sensitive flows).
    """
    async for each in race_flaws(world, "double-spend"):
        yield each
