"""The probe `existence-told-to-stranger`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.contract.facts import Parameter
from evaluators.contract.shapes import facets
from evaluators.finding import Severity
from evaluators.probes.authorization_trial import Trials, trials_of
from evaluators.probes.forms import in_path
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.oracle import Row
from evaluators.service.step import Step

TOLD = frozenset({400, 403, 409, 410, 412, 422, 423, 428})
NOBODY_S = {"integer": 987654321, "uuid": "99999999-9999-4999-8999-999999999999", "text": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}


@rule(
    "existence-told-to-stranger", family="probes", severity=Severity.WARNING, security=True, cwe="CWE-203",
    owasp="API1:2023",
)  # fmt: skip
async def existence_told_to_stranger(world: World) -> AsyncIterator[Flaw]:
    """A stranger is told by another status that a thing exists which the service hides from him elsewhere.

    Why: Elsewhere the service answers 404 to a stranger as if the thing were
        not there. One check in the wrong order (the state before the owner)
        undoes that: ids are tried until one answers otherwise, and the state
        is told with it.

    Sends: Each working request with an id in its path as another identity,
        with ids of the first one's rows and with one of nothing.

    Applies: To rows that belong to one identity alone and that another
        operation answers with 404 to the stranger.

    Proves: The id of nothing is answered 404, and the other one 403, 409 or
        another refusal.

    Precision: A service that answers 403 to strangers everywhere has decided
        so; nothing is said of it.

    Source: OWASP Authorization Cheat Sheet; CWE-203.
    """
    trials = trials_of(world)
    for play in trials.plays("GET", "POST", "PUT", "PATCH", "DELETE"):
        found = trials.subject(play)
        stranger = trials.other(play.request.who)
        if found is None or stranger is None:
            continue
        rows = [row for row in trials.states(*found) if trials.ownership.strange(found[0], row, stranger)]
        if await _let_in(trials, play, rows, stranger):
            continue
        for row in rows:
            steps = await _told_apart(trials, play, found[0], row, stranger)
            if steps is not None:
                yield flaw(
                    world,
                    steps,
                    f"{play.operation.symbol} answers {steps[-1].status} to a stranger where a thing exists, and "
                    f"{steps[-2].status} where none does.",
                    hint="Look the row up by its id and its owner together, before anything else.",
                )
                break


async def _let_in(trials: Trials, play: Play, rows: list[Row], stranger: str) -> bool:
    """Whether the stranger gets in at all, which is another probe's to tell."""
    for row in rows:
        request = trials.pointed(play, row)
        if request is not None and (await trials.step(trials.own_body(request, play, stranger))).ok:
            return True
    return False


async def _told_apart(trials: Trials, play: Play, table: str, row: Row, stranger: str) -> list[Step] | None:
    """[where it is hidden, the id of nothing, the id of something], where the last two differ."""
    request = trials.pointed(play, row)
    last = in_path(play.operation)[-1]
    if request is None:
        return None
    theirs = await trials.step(trials.own_body(request, play, stranger))
    if theirs.status not in TOLD:
        return None
    hidden = await trials.refusals(table, row, stranger)
    if not hidden or hidden[0].status != 404 or hidden[0].request.symbol == play.operation.symbol:
        return None
    nothing_s = NOBODY_S[_form(last, str(play.request.path[last.name]))]
    nothing = await trials.step(theirs.request.at(**{last.name: nothing_s}))
    return [*hidden, nothing, theirs] if nothing.status == 404 else None


def _form(parameter: Parameter, value: str) -> str:
    """Which id of nothing a parameter takes."""
    if value.isdigit():
        return "integer"
    uuid = parameter.schema is not None and facets(parameter.schema).format == "uuid"
    return "uuid" if uuid or value.count("-") == 4 else "text"
