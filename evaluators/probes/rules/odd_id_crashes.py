"""The probe `odd-id-crashes`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_refusals import crashed, odd_ids
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("odd-id-crashes", family="probes", severity=Severity.ERROR, cwe="CWE-1284", owasp="")
async def odd_id_crashes(world: World) -> AsyncIterator[Flaw]:
    """An id of an odd form or size in a path is answered with a 500.

    Why: Anybody fills the log with errors by typing into the address; where
        errors page somebody, that is a way to keep people awake.

    Sends: Each operation with a key in its path, with -1, 2^31, 2^63 and a
        text in its place, or with texts of odd lengths where the key is a text.

    Applies: To operations with path parameters that were reached with real
        keys.

    Proves: The answer is 500, twice.

    Precision: 501 and 503 are not counted.

    Source: RFC 9110, sections 15.5.1 and 15.5.5; PostgreSQL manual, section
        8.1 (integer out of range); CWE-1284.
    """
    for operation in world.operations():
        play = world.plays.get(operation.symbol)
        if play is None or not play.request.path or operation.method not in ("GET", "DELETE", "PUT", "PATCH", "POST"):
            continue
        for step in await odd_ids(world, operation, play.request):
            if crashed(step) and crashed(again := await world.once(step.request)):
                yield flaw(world, [again], f"{operation.symbol} is answered {again.status} for an id of an odd form.")
                break
    await world.settled()
