"""Children under parents that are not theirs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from evaluators.probes.authorization_sight import Thing
from evaluators.probes.authorization_trial import Trials, is_item
from evaluators.probes.forms import in_path
from evaluators.probes.world import Play
from evaluators.service.oracle import Row
from evaluators.service.request import Request
from evaluators.service.seeding import plain
from evaluators.service.step import Step

MOST_PARENTS = 6
"""Parents whose lists are read."""


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


async def with_others(trials: Trials, play: Play) -> list[Step] | None:
    """A list below a parent that shows, besides the parent's own children, those of another parent."""
    found = trials.subject(play)
    if play.operation.method != "GET" or found is None or is_item(play.operation):
        return None
    table, first = found
    others = [row for (name, _), row in trials.ownership.rows.items() if name == table and row != first]
    for row in [first, *others][:MOST_PARENTS]:
        request = trials.pointed(play, row)
        step = await trials.step(request) if request is not None else None
        kin = [each for each in map(lambda child: _kin(trials, child, table, row), _listed(trials, step)) if each]
        if step is not None and {"own", "strange"} <= set(kin):
            return [step]
    return None


def listed_below(trials: Trials, step: Step | None, table: str, row: Row) -> list[Thing]:
    """The rows in the list of an answer that point to a row themselves."""
    return [child for child in _listed(trials, step) if _kin(trials, child, table, row) == "own"]


def _listed(trials: Trials, step: Step | None) -> Iterator[Thing]:
    """The rows that the elements of an answer's list are; what is within them is left out."""
    if step is None or not step.ok:
        return
    for each in _elements(step.json):
        bare = {name: value for name, value in each.items() if not isinstance(value, dict | list)}
        yield from trials.shown.rows(replace(step.answer, body=json.dumps(bare).encode()))


def _elements(said: Any) -> list[Mapping[str, Any]]:
    """The objects of the first list of an answer, which may stand in one envelope or in two."""
    pending = [said]
    for each in pending:
        if isinstance(each, list):
            return [item for item in each if isinstance(item, dict)]
        if isinstance(each, dict) and len(pending) < MOST_PARENTS * 4:
            pending += [value for value in each.values() if isinstance(value, dict | list)]
    return []


def _kin(trials: Trials, child: Thing, table: str, row: Row) -> str:
    """Whether a row is the parent's `own` child or a `strange` one; empty where more than one column could tell."""
    known = trials.ownership.tables[child[0]]
    ways = [key for key in known.foreign_keys if key.table == table]
    between = [
        t for t in trials.ownership.tables.values() if {child[0], table} <= {key.table for key in t.foreign_keys}
    ]
    if child[0] == table or len(ways) != 1 or between:
        return ""
    each = trials.ownership.rows[child]
    parent = trials.ownership.parent(ways[0], each)
    if parent is None:
        return ""
    wanted = trials.ownership.thing(table, row)
    above = {trials.ownership.thing(name, other) for _, name, other in trials.ownership.above(*(child[0], each))}
    return "own" if trials.ownership.thing(table, parent) == wanted else "" if wanted in above else "strange"
