"""Children under parents that are not theirs."""

from __future__ import annotations

from typing import Any

from evaluators.probes.authorization_trial import Trials
from evaluators.probes.forms import in_path
from evaluators.probes.world import Play
from evaluators.service.oracle import Row
from evaluators.service.request import Request
from evaluators.service.seeding import plain
from evaluators.service.step import Step


async def below_own(trials: Trials, play: Play) -> list[Step] | None:
    """A stranger's request with a parent of his own and the owner's child, where the right parent is refused him."""
    owner, stranger = play.request.who, trials.other(play.request.who)
    found = trials.subject(play)
    if found is None or owner is None or stranger is None or not trials.ownership.strange(*found, stranger):
        return None
    request = _under(trials, play, found, stranger, own=False)
    if request is None:
        return None
    refused = await trials.step(trials.own_body(play.request, play, stranger))
    step = await trials.step(trials.own_body(request, play, stranger))
    if not refused.refused or not step.ok:
        return None
    return [refused, step] if _effective(trials, play, step, found) else None


async def under_another(trials: Trials, play: Play) -> list[Step] | None:
    """The owner's request with another parent of his own."""
    owner, found = play.request.who, trials.subject(play)
    if found is None or owner is None:
        return None
    request = _under(trials, play, found, owner, own=True)
    if request is None:
        return None
    step = await trials.step(request)
    return [step] if step.ok and _effective(trials, play, step, found) else None


def _under(trials: Trials, play: Play, found: tuple[str, Row], who: str, *, own: bool) -> Request | None:
    """The request with the parents of its path replaced by rows of an identity, each in the place of its kind."""
    table, row = found
    values: dict[str, Any] = {}
    for parameter in in_path(play.operation)[:-1]:
        value = str(play.request.path.get(parameter.name))
        place = trials.place(table, row, value)
        if place is None or not place[0]:
            continue
        target = place[0][-1].table
        for thing, each in trials.ownership.rows.items():
            if thing[0] != target or thing in trials.ownership.people or str(plain(each.get(place[1]))) == value:
                continue
            if trials.ownership.owner(target, each) == who and each.get(place[1]) is not None:
                values[parameter.name] = plain(each[place[1]])
                break
    return play.request.at(**values) if values else None


def _effective(trials: Trials, play: Play, step: Step, found: tuple[str, Row]) -> bool:
    """Whether a step did what the play did, or shows what it is about."""
    if play.operation.method != "GET":
        wanted = trials.ownership.thing(*found)
        pairs = [(each.table, each.before) for each in step.changes.updated] + list(step.changes.removed)
        below = trials.ownership.hung(step.changes, *found)
        return bool(below) or any(trials.ownership.thing(table, row) == wanted for table, row in pairs)
    if step.answer.body == play.step.answer.body and len(step.answer.body) > 2:
        return True
    return trials.ownership.thing(*found) in trials.shown.rows(step.answer)
