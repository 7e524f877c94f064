"""The probe `read-by-stranger`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.authorization_ranks import reserved
from evaluators.probes.authorization_trial import Trials, is_item, speaks_of_owner, trials_of
from evaluators.probes.forms import in_path
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.oracle import Row
from evaluators.service.step import Step

SAID = 2
"""Bytes of an answer that says nothing: `[]`."""


@rule("read-by-stranger", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-639", owasp="API1:2023")
async def read_by_stranger(world: World) -> AsyncIterator[Flaw]:
    """A user reads what belongs to another user by its id.

    Why: Whoever counts ids, or sees one in a link, reads other people's
        data. It is the first entry of OWASP's API list year after year.

    Sends: Each GET that works for one identity with the id of its own row,
        once more as another identity.

    Applies: To rows that belong to one identity alone and that the service
        keeps from the other one elsewhere: another operation answers 403 or
        404 for the same row or for what it belongs to, the list leaves it
        out, or the contract speaks of the owner.

    Proves: The stranger's answer shows the row of the other identity.

    Precision: A row that the stranger's own list shows, or that anybody may
        read without a credential, is public. Where the service never says
        that a thing is private, nothing is said.

    Source: OWASP API Security Top 10 2023, API1; CWE-639.
    """
    trials = trials_of(world)
    for play in list(world.plays.values()):
        found = trials.subject(play) if play.operation.method == "GET" else None
        if found is None or not by_key(trials, play, found) or await reserved(trials, play):
            continue
        for row in trials.states(*found):
            steps = await _leak(trials, play, found[0], row, row == found[1])
            if steps is not None:
                yield flaw(
                    world,
                    steps,
                    f"{play.operation.symbol} shows a stranger a row of {found[0]} that belongs to somebody else.",
                    hint="Look the row up by its id and its owner together.",
                )
                break


def by_key(trials: Trials, play: Play, found: tuple[str, Row]) -> bool:
    """Whether identities only come in by a credential, or the path names the row by its key: links are for anybody."""
    if play.operation.secured:
        return trials.other(play.request.who) is not None
    value = str(play.request.path[in_path(play.operation)[-1].name])
    return play.request.who is None and trials.ownership.thing(*found) == (found[0], value)


async def _leak(trials: Trials, play: Play, table: str, row: Row, own: bool) -> list[Step] | None:
    """The steps that show that the row is read and should not be; None where it is not read, or may be."""
    owner = trials.ownership.owner(table, row)
    stranger = trials.other(owner)
    request = trials.pointed(play, row)
    if owner is None or stranger is None or request is None or not trials.ownership.strange(table, row, stranger):
        return None
    step = await trials.step(request.as_(stranger))
    if not step.ok or not _leaked(trials, await trials.step(request.as_(owner)), step, owner):
        return None
    if own and play.operation.secured:
        evidence = await _kept(trials, play, table, row, stranger)
    elif is_item(play.operation):
        evidence = await trials.above_refused(table, row, stranger) or None
    else:
        evidence = await trials.refusals(table, row, stranger) or None
    return [*evidence, step] if evidence is not None else None


def _leaked(trials: Trials, theirs: Step, step: Step, owner: str) -> bool:
    """Whether the stranger got what the owner gets."""
    if not theirs.ok or not step.answer.body:
        return False
    shown = trials.shown.rows(step.answer)
    if any(trials.ownership.owner(thing[0], trials.ownership.rows[thing]) == owner for thing in shown):
        return True
    return step.answer.body == theirs.answer.body and len(step.answer.body) > SAID


async def _kept(trials: Trials, play: Play, table: str, row: Row, stranger: str) -> list[Step] | None:
    """What shows that the row is private; None where nothing does."""
    above = await trials.above_refused(table, row, stranger)
    if above:
        return above
    if not is_item(play.operation):
        return await trials.refusals(table, row, stranger) or None
    if await _listed(trials, table, row, stranger):
        return None
    if trials.forbids(play.operation) or speaks_of_owner(play.operation):
        return []
    return await _beside(trials, table, row, stranger) or await _unlisted(trials, play, table, row, stranger) or None


async def _listed(trials: Trials, table: str, row: Row, stranger: str) -> bool:
    """Whether a list shows the row to the stranger."""
    wanted = trials.ownership.thing(table, row)
    for play in trials.world.plays.values():
        if play.operation.method == "GET" and "{" not in play.operation.path:
            step = await trials.step(play.request.as_(stranger))
            if wanted in trials.shown.rows(step.answer):
                return True
    return False


async def _beside(trials: Trials, table: str, row: Row, stranger: str) -> list[Step]:
    """Another operation on the same row that says to the stranger that there is no such thing."""
    for play in trials.world.plays.values():
        found = trials.subject(play)
        if found is None or found[0] != table or (play.operation.method == "GET" and is_item(play.operation)):
            continue
        request = trials.pointed(play, row)
        if request is None or trials.other(play.request.who) is None or not play.operation.secured:
            continue
        refused = await trials.step(trials.own_body(request, play, stranger))
        owner = trials.ownership.owner(table, row)
        if refused.status == 404 and (await trials.step(request.as_(owner))).ok:
            return [refused]
    return []


async def _unlisted(trials: Trials, play: Play, table: str, row: Row, stranger: str) -> list[Step]:
    """The list that leaves the row out, where every row of the owner is as open to the stranger."""
    steps = await trials.unlisted(table, row, stranger)
    owner = trials.ownership.owner(table, row)
    for (name, _), each in trials.ownership.rows.items() if steps else ():
        if name != table or trials.ownership.owner(name, each) != owner:
            continue
        request = trials.pointed(play, each)
        if request is None or not (await trials.step(request.as_(owner))).ok:
            continue
        if not (await trials.step(request.as_(stranger))).ok:
            return []
    return steps
