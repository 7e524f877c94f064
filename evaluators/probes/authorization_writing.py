"""What a stranger's write did, and what shows that it should have been refused."""

from __future__ import annotations

from evaluators.probes.authorization_trial import REFUSED, Trials, is_item, speaks_of_owner
from evaluators.probes.world import Play
from evaluators.service.oracle import Row
from evaluators.service.step import Step

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


async def allowed(trials: Trials, play: Play, found: tuple[str, Row], owner: str, stranger: str) -> Step | None:
    """The stranger's request that was accepted and had an effect on the owner's rows."""
    own = trials.own_body(play.request, play, stranger)
    for request in (own, play.request.as_(stranger)):
        step = await trials.step(request)
        if step.ok and (trials.ownership.touched(step.changes, owner) or trials.ownership.hung(step.changes, *found)):
            return step
        if request.body == play.request.body:
            break
    return None


async def kept(trials: Trials, play: Play, step: Step, found: tuple[str, Row], stranger: str) -> list[Step] | None:
    """The answers that show that the thing is kept from the stranger; None where nothing shows it."""
    refused = await trials.refusals(*found, stranger)
    if refused:
        return refused
    table, row = found
    touched = {each.table for each in step.changes.updated} | {name for name, _ in step.changes.removed}
    if not is_item(play.operation) or play.operation.method == "POST":
        return await _same_columns(trials, play, step, found, stranger)
    beside = await _siblings(trials, play, row, stranger)
    if beside:
        return beside
    if table in touched and (trials.forbids(play.operation) or speaks_of_owner(play.operation)):
        return []
    return None


async def _siblings(trials: Trials, play: Play, row: Row, stranger: str) -> list[Step]:
    """Refusals of other unsafe operations on the very same path."""
    for method in UNSAFE:
        other = trials.world.plays.get(f"{method} {play.operation.path}")
        if other is None or other.operation.method == play.operation.method:
            continue
        step = await _refusal(trials, other, row, stranger)
        if step is not None:
            return [step]
    return []


async def _same_columns(
    trials: Trials, play: Play, step: Step, found: tuple[str, Row], stranger: str
) -> list[Step] | None:
    """Refusals at the thing's own path of a change to the columns that this operation changed."""
    table, row = found
    mine = {name for each in step.changes.updated if each.table == table for name in each.columns}
    for other in trials.plays("PUT", "PATCH"):
        theirs = {name for each in other.changes.updated if each.table == table for name in each.columns}
        about = trials.subject(other)
        if other is play or about is None or about[0] != table or not is_item(other.operation):
            continue
        stated = {name for name in mine & theirs if len(mine & theirs) == len(mine) or _stateful(trials, table, name)}
        if stated:
            refused = await _refusal(trials, other, row, stranger)
            if refused is not None:
                return [refused]
    return None


def _stateful(trials: Trials, table: str, name: str) -> bool:
    """Whether a column holds one of a few states."""
    from evaluators.service.values import labels_of

    known = trials.ownership.tables[table]
    column = known.column(name)
    return column is not None and bool(labels_of(column, known))


async def _refusal(trials: Trials, play: Play, row: Row, stranger: str) -> Step | None:
    """The refusal of a stranger where the owner is let do it."""
    request = trials.pointed(play, row)
    owner = play.request.who
    if request is None or owner is None:
        return None
    step = await trials.step(trials.own_body(request, play, stranger))
    return step if step.status in REFUSED and (await trials.step(request.as_(owner))).ok else None
