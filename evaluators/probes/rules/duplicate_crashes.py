"""The probe `duplicate-crashes`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_refusals import AGAIN, crashed, refusals
from evaluators.probes.behaviour_taken import taken
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("duplicate-crashes", family="probes", severity=Severity.ERROR, cwe="CWE-755", owasp="")
async def duplicate_crashes(world: World) -> AsyncIterator[Flaw]:
    """The second creation of the same thing is answered with a 500.

    Why: A client that sends twice, or meets a name that is taken, learns
        nothing that it could show its user; the trace goes to the log as a
        fault of the service.

    Sends: Each write that works, a second time after the first (with
        another idempotency key); each creation once more by somebody else,
        in other letters, with another mark behind what a slug is made of,
        under another parent, and after what it made was deleted; each
        update with what another row of the table holds.

    Applies: To writes that are accepted from the sealed rows and change
        them.

    Proves: What came before is accepted and the last request is answered
        500, twice from the sealed rows.

    Precision: 501 and 503 are not counted.

    Source: RFC 9110, section 15.5.10 (409 Conflict); CWE-755.
    """
    told: set[str] = set()
    for trial in await refusals(world):
        if trial.kind != AGAIN or not trial.steps[0].ok or not crashed(trial.last):
            continue
        async with world.scene() as scene:
            steps = [await scene.send(each.request) for each in trial.steps]
        if steps[0].ok and crashed(steps[-1]):
            told.add(trial.play.operation.symbol)
            yield flaw(world, steps, f"{trial.play.operation.symbol} is answered {steps[-1].status} the second time.")
    async for play, done, how in taken(world):
        symbol = play.operation.symbol
        if symbol not in told:
            yield flaw(
                world, done, f"{symbol} is answered {done[-1].status} for the same {how}.", operation=play.operation
            )
