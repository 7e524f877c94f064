"""What a stranger's write did, and what shows that it should have been refused."""

from __future__ import annotations

from evaluators.probes.authorization_trial import REFUSED, Trials, is_item, speaks_of_owner
from evaluators.probes.world import Play
from evaluators.service.oracle import Row
from evaluators.service.step import Step

MISSING = 404
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


async def allowed(trials: Trials, play: Play, row: Row, owner: str, stranger: str) -> Step | None:
    """The stranger's request that was accepted and had an effect on the owner's rows."""
    pointed = trials.pointed(play, row)
    named = [each for each in trials.named(play, row) if trials.ownership.owner(*each) == owner]
    for request in (trials.own_body(pointed, play, stranger), pointed.as_(stranger)) if pointed is not None else ():
        step = await trials.step(request)
        hung = any(trials.ownership.hung(step.changes, *each) for each in named)
        if step.ok and (trials.ownership.touched(step.changes, owner) or hung):
            return step
        if pointed is None or request.body == pointed.body:
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


async def raised(trials: Trials, play: Play) -> tuple[list[Step], str] | None:
    """(evidence and proof, what it does): one with more rights writes what is an ordinary identity's, as owners do.

    Some things only those with a role may have (an author his posts). What it may do with its own is tried with
    somebody else's; that its role alone allows it is ruled out by what the service refuses it of the same row.
    """
    who, found = play.request.who, trials.subject(play)
    if who is None or found is None or trials.ownership.reach(*found) != {who}:
        return None
    for owner in trials.world.crew.ordinary:
        first = trials.row_of(found[0], owner)
        for row in trials.states(found[0], first) if first is not None else ():
            request = trials.pointed(play, row)
            step = await trials.step(request) if request is not None else None
            if step is None or not step.ok:
                continue
            if found[0] not in trials.ownership.touched(step.changes, owner):
                told = await _attached(trials, play, step, (found[0], row), who)
                if told is not None:
                    return [told, step], f"attaches to a row of {found[0]}"
                continue
            refused = await _refused_raised(trials, play, found[0], row, who, owner)
            if refused is not None:
                return [refused, step], f"changes a row of {found[0]}"
    return None


async def _attached(trials: Trials, play: Play, step: Step, found: tuple[str, Row], who: str) -> Step | None:
    """A refusal of another change, where a new row hangs on somebody else's and nothing of it says who made it.

    A comment is its author's, wherever it stands. What belongs to the other row alone is a part of that row. Whoever
    may do anything else to that row, such as a moderator, has rights on it: nothing is said then.
    """
    hung = trials.ownership.hung(step.changes, *found)
    rows = [(table, row) for table, row in step.changes.added if table in hung]
    if not rows or any(who in trials.ownership.reach(*each) for each in rows):
        return None
    refused = []
    for other in trials.world.plays.values():
        about = trials.subject(other) if other.operation.method in UNSAFE and other.request.who == who else None
        if other is play or about is None or about[0] != found[0]:
            continue
        request = trials.pointed(other, found[1])
        answer = await trials.step(request) if request is not None else None
        if answer is None or answer.status != MISSING:
            return None
        refused.append(answer)
    return refused[0] if refused else None


async def _refused_raised(trials: Trials, play: Play, table: str, row: Row, who: str, owner: str) -> Step | None:
    """What the same identity is refused of the same row: to read it, or another change on the same path."""
    for other in trials.world.plays.values():
        about = trials.subject(other)
        if other is play or about is None or about[0] != table:
            continue
        reads = other.operation.method == "GET" and is_item(other.operation)
        if not reads and (other.operation.path != play.operation.path or other.request.who != who):
            continue
        request = trials.pointed(other, row)
        if request is None:
            continue
        step = await trials.step(request.as_(who))
        if step.status in REFUSED and (not reads or (await trials.step(request.as_(owner))).ok):
            return step
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
