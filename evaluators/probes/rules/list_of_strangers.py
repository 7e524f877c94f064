"""The probe `list-of-strangers`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.authorization_ids import filtered
from evaluators.probes.authorization_sight import Thing
from evaluators.probes.authorization_trial import Trials, trials_of
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.step import Step


@rule("list-of-strangers", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-639", owasp="API1:2023")
async def list_of_strangers(world: World) -> AsyncIterator[Flaw]:
    """A list shows a user rows that belong to another user and that are refused to the first one elsewhere.

    Why: One forgotten condition in a query hands out everybody's rows, and
        nobody has to guess an id for it.

    Sends: Each GET without an id in its path that works for an ordinary
        identity, as both ordinary identities, and with each filter of the
        query that a row of the other identity would match.

    Applies: To rows that belong to one identity alone and that the service
        refuses to the other at their own path, or with what they belong to.

    Proves: The answer shows such a row to the identity that is refused it.

    Precision: A row without a path of its own and without a parent that is
        refused is not known to be private; nothing is said of it.

    Source: OWASP API Security Top 10 2023, API1; CWE-639.
    """
    trials = trials_of(world)
    for play in trials.plays("GET"):
        if "{" in play.operation.path:
            continue
        found = await _listing(trials, play)
        if found is not None:
            thing, steps = found
            yield flaw(
                world,
                steps,
                f"{play.operation.symbol} lists rows of {thing[0]} that belong to somebody else.",
                hint="Ask the database only for rows of the caller.",
            )


async def _listing(trials: Trials, play: Play) -> tuple[Thing, list[Step]] | None:
    """The list of either identity, then with each filter that would find rows of the other one."""
    tables: set[str] = set()
    for who in trials.world.crew.ordinary:
        step = await trials.step(play.request.as_(who))
        tables |= {thing[0] for thing in trials.shown.rows(step.answer)}
        found = await _refused(trials, step, who)
        if found is not None:
            return found[0], [*found[1], step]
    for request in filtered(trials, play, tables):
        step = await trials.step(request)
        found = await _refused(trials, step, request.who or "")
        if found is not None:
            return found[0], [*found[1], step]
    return None


async def _refused(trials: Trials, step: Step, who: str) -> tuple[Thing, list[Step]] | None:
    """A row that the answer shows and that is refused at its own path."""
    for thing in sorted(trials.shown.rows(step.answer)):
        row = trials.ownership.rows[thing]
        if trials.ownership.strange(thing[0], row, who):
            refused = await trials.refusals(thing[0], row, who)
            if refused and refused[0].status >= 400:
                return thing, refused
    return None
