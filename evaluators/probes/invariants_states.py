"""States: what a step does from states in which it should do nothing, and versions that are not looked at."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

from evaluators.probes.invariants_profile import (
    VERSION,
    Cell,
    Profile,
    moves,
    profiles,
    set_cell,
    sums,
    told_set,
)
from evaluators.probes.invariants_race import AT_ONCE, accepted, at_once, losses, together
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw
from evaluators.service.oracle import Changes
from evaluators.service.request import Request, leaves
from evaluators.service.step import Step
from evaluators.service.values import labels_of

LABELS = 6
"""States of a table that are tried."""


@dataclass(frozen=True)
class Transition:
    """A play that takes a row from one label to another."""

    profile: Profile
    cell: Cell
    labels: tuple[Any, ...]
    begin: Any
    end: Any

    @property
    def column(self) -> tuple[str, str]:
        """(table, column) of the state."""
        return self.cell[0], self.cell[2]


async def transitions(world: World) -> list[Transition]:
    """The plays that change the label of one row that was there before, and whose request does not name the label."""
    return [made for each in await profiles(world) if (made := _transition(world, each)) is not None]


def _transition(world: World, profile: Profile) -> Transition | None:
    for each in profile.first.changes.updated:
        table = world.seeds.table(each.table)
        for name in each.columns if table is not None and table.key else ():
            column = table.column(name) if table else None
            labels = labels_of(column, table) if column and table else ()
            if len(labels) < 2 or (each.table, name) in profile.play.columns.values():
                continue
            cell = (each.table, world.keys.of(each.table, each.after), name)
            return Transition(profile, cell, labels, each.before[name], each.after[name])
    return None


async def effects_repeated(world: World) -> AsyncIterator[Flaw]:
    """Steps whose effect comes again from a state in which it has come already."""
    found = await transitions(world)
    for each in found:
        by = sums(each.profile.moves)
        if not by and not each.profile.first.changes.added:
            continue
        ends = [each.end]
        for other in found:
            same = [m for m in other.profile.moves if any((m.table, m.column) == (t, c) and m.by * n > 0
                    for (t, _, c), n in by.items())]  # fmt: skip
            if other.column == each.column and same and other.end not in ends:
                ends.append(other.end)
        for end in ends:
            step = await _from(world, each, end)
            if step is not None and step.ok and _again(world, each.profile, step.changes):
                yield _told(
                    world, each, step, end, f"{each.profile.symbol} has its effect again on a row that is {end}."
                )
                break


def _again(world: World, profile: Profile, done: Changes) -> bool:
    """Whether a number moves the same way again, or, where none does, such a row is added again."""
    by, now = sums(profile.moves), sums(moves(world, done, profile.play))
    if by:
        return any(now.get(cell, 0) * value > 0 for cell, value in by.items())
    tables = {table for table, _ in profile.first.changes.added}
    return bool(tables & {table for table, _ in done.added})


async def _from(world: World, each: Transition, label: Any) -> Step | None:
    """The step from another state; None where the schema does not allow the state."""
    async with world.scene() as scene:
        if not await set_cell(scene, each.cell, label):
            return None
        return await scene.send(_current(world, each))


def _current(world: World, each: Transition) -> Request:
    return each.profile.fresh(8)


def _told(world: World, each: Transition, step: Step, label: Any, message: str) -> Flaw:
    made = flaw(world, [step], message, seen=f"{each.cell[0]}.{each.cell[2]} was set to {label} before.")
    return replace(made, reproduce=f"{told_set(world, each.cell, label)}\n{made.reproduce}")


async def dead_revived(world: World) -> AsyncIterator[Flaw]:
    """Steps that lead a row on from a state that every other step refuses, though they declare a conflict."""
    found = await transitions(world)
    for column in sorted({each.column for each in found}):
        group = [each for each in found if each.column == column]
        if len(group) < 3:
            continue
        outcome: dict[tuple[str, Any], Step] = {}
        for each in group:
            for label in each.labels[:LABELS]:
                step = await _from(world, each, label) if label != each.begin else each.profile.first
                if step is not None:
                    outcome[each.profile.symbol, label] = step
        for each in group:
            flawed = _revives(each, group, outcome)
            if flawed is not None:
                step = outcome[each.profile.symbol, flawed]
                message = f"{each.profile.symbol} goes on from {flawed}, where every other step is refused."
                yield _told(world, each, step, flawed, message)


def _revives(each: Transition, group: list[Transition], outcome: dict[tuple[str, Any], Step]) -> Any:
    """A state that is over for all others, from which this one leads to a state that is not over."""
    if each.profile.play.operation.response("409") is None:
        return None

    def going(label: Any, without: Transition) -> bool:
        return any(
            (step := outcome.get((other.profile.symbol, label))) is not None and step.ok and bool(step.changes)
            for other in group
            if other is not without
        )

    if not going(each.begin, each) or not going(each.end, each):
        return None
    for label in each.labels[:LABELS]:
        step = outcome.get((each.profile.symbol, label))
        ends = {other.end for other in group}
        if label in (each.begin, each.end) or label not in ends or step is None or not step.ok:
            continue
        if each.profile.first.changes.tables <= step.changes.tables and not going(label, each):
            return label
    return None


async def stale_accepted(world: World) -> AsyncIterator[Flaw]:
    """Changes of a version that is not the row's any more."""
    lost = {each.profile.symbol for each in await losses(world)}
    for profile in await profiles(world):
        stale = _stale(world, profile)
        if stale is None:
            continue
        if profile.play.operation.method in ("PUT", "PATCH") and _if_match(profile) and profile.again:
            steps = [profile.first, profile.second]
            yield flaw(world, steps, f"{profile.symbol} accepts a version that is not the present one any more.")
            continue
        step = await world.once(stale)
        if step.ok and step.changes:
            yield flaw(world, [step], f"{profile.symbol} accepts a version that is not the present one.")
        elif (
            profile.symbol not in lost
            and profile.once
            and profile.second.status in (409, 412)
            and 400 <= step.status < 500
        ):
            async for each in _at_once(world, profile):
                yield each


async def _at_once(world: World, profile: Profile) -> AsyncIterator[Flaw]:
    """Several changes of the same version at the same time: one may be accepted."""
    for _ in range(1 if world.running.database.dialect == "postgres" else 3):
        async with world.scene() as scene:
            answers, done = await together(scene, profile.several(AT_ONCE), profile.tables)
        if accepted(answers) > 1 and done:
            steps = [profile.first, profile.second]
            message = f"{profile.symbol} accepts several changes of one version at the same time."
            seen = f"{AT_ONCE} at the same time: more than one is accepted."
            yield replace(flaw(world, steps, message, seen=seen), reproduce=at_once(world, profile))
            return


def _if_match(profile: Profile) -> bool:
    """Whether the request names the version that it changes."""
    return any(name.lower() == "if-match" and "*" not in value for name, value in profile.sent.headers.items())


def _stale(world: World, profile: Profile) -> Request | None:
    """The request with another version; None where it takes none."""
    request = profile.sent
    for parameter in profile.play.operation.parameters_in("header"):
        if parameter.name.lower() == "if-match":
            held = next((v for n, v in request.headers.items() if n.lower() == "if-match"), '"1"')
            kept = {name: value for name, value in request.headers.items() if name.lower() != "if-match"}
            return None if held == "*" else replace(request, headers={**kept, parameter.name: _other(held)})
    for place, value in leaves(request.body) if isinstance(request.body, dict) else ():
        if not isinstance(value, int) or isinstance(value, bool) or not VERSION.search(str(place[-1])):
            continue
        for each in profile.first.changes.updated:
            if any(each.before.get(n) == value and each.after[n] == value + 1 for n in each.columns):
                return request.having(place, value + 7)
    return None


def _other(tag: str) -> str:
    """A tag of the same form."""
    found = re.search(r"\d+(?=\D*$)", tag)
    if found and len(found.group()) < 10:
        return f"{tag[: found.start()]}{int(found.group()) + 7}{tag[found.end() :]}"
    inner = tag.strip('"')
    last = "0" if inner[-1:] != "0" else "1"
    return tag.replace(inner, inner[:-1] + last) if inner else '"stale"'
