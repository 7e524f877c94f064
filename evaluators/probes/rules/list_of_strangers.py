"""The probe `list-of-strangers`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from evaluators.contract.facts import Operation
from evaluators.finding import Severity
from evaluators.probes.authorization_ids import filtered
from evaluators.probes.authorization_sight import Thing
from evaluators.probes.authorization_trial import Trials, is_item, speaks_of_owner, trials_of
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.step import Step

CALLERS = re.compile(
    r"\b(caller|one|(current|authenticated|(signed|logged)[ -]in) (user|client|customer|account))['\u2019]s\b|\byour\b",
    re.IGNORECASE,
)
"""How a contract says that a list is of what the one who asks has."""


@rule("list-of-strangers", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-639", owasp="API1:2023")
async def list_of_strangers(world: World) -> AsyncIterator[Flaw]:
    """A list shows a user rows that belong to another user and that are refused to the first one elsewhere.

    Why: One forgotten condition in a query hands out everybody's rows, and
        nobody has to guess an id for it.

    Sends: Each GET of more than one thing that works for an ordinary identity,
        as both ordinary identities; and with each parameter of the query that
        may widen it: a value that a row of the other identity has, the other
        one's id, address or name, both values of a switch, each of a few.

    Applies: To rows that belong to one identity alone and that the service
        refuses to the other at their own path, or with what they belong to; or
        that a list leaves out for the other, where the contract says that the
        list is of what the caller has.

    Proves: The answer shows such a row to the identity that is refused it.

    Precision: A row without a path of its own and without a parent that is
        refused is not known to be private; nothing is said of it.

    Source: OWASP API Security Top 10 2023, API1; CWE-639.
    """
    trials = trials_of(world)
    for play in trials.plays("GET"):
        if is_item(play.operation):
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
    about = trials.subject(play)
    for who in trials.world.crew.ordinary:
        if about is not None and trials.ownership.strange(*about, who):
            # What is below a stranger's own thing is another probe's.
            continue
        step = await trials.step(play.request.as_(who))
        tables |= {thing[0] for thing in trials.shown.rows(step.answer)}
        found = await _refused(trials, play, step, who)
        if found is not None:
            return found[0], [*found[1], step]
    for request in filtered(trials, play, tables):
        step = await trials.step(request)
        found = await _refused(trials, play, step, request.who or "")
        if found is not None:
            return found[0], [*found[1], step]
    return None


async def _refused(trials: Trials, play: Play, step: Step, who: str) -> tuple[Thing, list[Step]] | None:
    """A row that the answer shows and that is refused at its own path; or left out elsewhere, where words say so."""
    for thing in sorted(trials.shown.rows(step.answer)):
        row = trials.ownership.rows[thing]
        if trials.ownership.strange(thing[0], row, who):
            refused = await trials.refusals(thing[0], row, who)
            if refused and (refused[0].status >= 400 or _for_its_caller(play.operation)):
                return thing, refused
    return None


def _for_its_caller(operation: Operation) -> bool:
    """Whether the contract says in words that a list is of what the caller has."""
    text = f"{operation.node.text('summary')}. {operation.node.text('description')}"
    return speaks_of_owner(operation) or CALLERS.search(text) is not None
