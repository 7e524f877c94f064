"""The probe `broken-body-crashes`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_refusals import bodies_broken, crashed
from evaluators.probes.behaviour_rows import writing
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("broken-body-crashes", family="probes", severity=Severity.ERROR, cwe="CWE-755", owasp="")
async def broken_body_crashes(world: World) -> AsyncIterator[Flaw]:
    """A body that is no JSON, or of another kind than declared, is answered with a 500.

    Why: The client learns nothing, and anybody fills the log with errors.

    Sends: Each write with a JSON body, with a body that ends too early, an
        array, null, bytes that are no text, and under an unheard-of media
        type.

    Applies: To writes with a JSON body that were reached.

    Proves: The answer is 500, twice.

    Precision: 501 and 503 are not counted.

    Source: RFC 9110, sections 15.5.1, 15.5.16 and 15.5.21; CWE-755.
    """
    for play in writing(world, "POST", "PUT", "PATCH"):
        for request in bodies_broken(play.request):
            if not crashed(await world.unlooked(request)):
                continue
            step = await world.once(request)
            if crashed(step):
                told = f"{play.operation.symbol} is answered {step.status} for a body that it cannot read."
                yield flaw(world, [step], told)
                break
    await world.settled()
