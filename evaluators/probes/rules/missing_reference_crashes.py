"""The probe `missing-reference-crashes`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_refusals import ITEM, PARENT, POINTS, crashed, refusals
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("missing-reference-crashes", family="probes", severity=Severity.ERROR, cwe="CWE-755", owasp="")
async def missing_reference_crashes(world: World) -> AsyncIterator[Flaw]:
    """A body or a path that names nothing is answered with a 500.

    Why: A refused foreign key that nobody catches is a server error to the
        client, who cannot tell what is wrong with the request.

    Sends: Each write that works, with a key of nothing in place of each
        reference of its body, those that it leaves out among them, and of
        each key of its path; each read with one in its path, or in a filter.

    Applies: To places of a body or a query whose value was seen in a column
        with a foreign key, or that are called like one.

    Proves: The answer is 500, twice.

    Precision: 501 and 503 are not counted.

    Source: RFC 9110, sections 15.5.5 and 15.5.21; CWE-755.
    """
    told: set[str] = set()
    for trial in await refusals(world):
        symbol = trial.play.operation.symbol
        if trial.kind not in (POINTS, PARENT, ITEM) or not crashed(trial.last) or symbol in told:
            continue
        step = await world.once(trial.last.request)
        if crashed(step):
            told.add(symbol)
            what = f"a {trial.place[0]}" if trial.place else "a path"
            yield flaw(world, [step], f"{symbol} with {what} that names nothing is answered {step.status}.")
