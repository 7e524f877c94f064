"""The probe `wrong-parent-accepted`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.authorization_nesting import below_own, under_another, with_others
from evaluators.probes.authorization_trial import trials_of
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "wrong-parent-accepted", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-639", owasp="API1:2023"
)
async def wrong_parent_accepted(world: World) -> AsyncIterator[Flaw]:
    """A thing is reached under a parent that it does not belong to.

    Why: The parent in the path is what the caller's rights were checked for.
        Where the child need not be its child, everybody reaches everybody's
        children under a parent of his own.

    Sends: Each working request with a parent and a child in its path: as
        another identity under that one's own parent with the first one's
        child, and as the owner under another parent of his own. Each working list
        below a parent, for several parents.

    Applies: To children that belong to the parent by foreign keys; of a list to
        those that one column alone ties to a parent.

    Proves: The request is accepted, and its answer shows the child, or rows
        are changed as they were under the right parent. The list shows the
        parent's own children and those of another parent that is not below it.

    Precision: A path whose first place does not restrict the second (a
        language, a version) is no parent here: no foreign key leads to it.

    Source: OWASP API Security Top 10 2023, API1; CWE-639.
    """
    trials = trials_of(world)
    for play in trials.plays("GET", "POST", "PUT", "PATCH", "DELETE"):
        steps = await below_own(trials, play)
        told = "under a parent of a stranger's own"
        if steps is None:
            steps, told = await under_another(trials, play), "under another parent"
        if steps is not None:
            yield flaw(
                world,
                steps,
                f"{play.operation.symbol} reaches the thing {told}, which it does not belong to.",
                hint="Look the child up by its own id and its parent's together.",
            )
    for play in list(world.plays.values()):
        steps = await with_others(trials, play)
        if steps is not None:
            yield flaw(
                world,
                steps,
                f"{play.operation.symbol} lists things of other parents besides those of the one that its path names.",
                hint="Let the list ask for the parent's key.",
            )
