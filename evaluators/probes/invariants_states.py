"""States: what a step does from states in which it should do nothing, and versions that are not looked at."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from evaluators.probes.invariants_crowd import AT_ONCE, accepted, at_once, otherwise, together, tries
from evaluators.probes.invariants_profile import (
    Cell,
    Profile,
    known,
    moves,
    profiles,
    set_cell,
    sums,
)
from evaluators.probes.invariants_race import losses
from evaluators.probes.proof import flaw
from evaluators.probes.versions import is_version
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
    return [made for each in await profiles(world) if (made := transition(world, each)) is not None]


def transition(world: World, profile: Profile) -> Transition | None:
    """The change of a label that a play makes; None where there is none, or where the request names it."""
    for each in profile.first.changes.updated:
        table = world.seeds.table(each.table)
        key = world.keys.of(each.table, each.after)
        # What gives way to a new row of its kind is not what the request is about.
        subject = profile.play.subject
        about = subject is not None and subject[0] == each.table and str(subject[1]) == str(key[0])
        if profile.first.changes.rows_added(each.table) and not about:
            continue
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
    return flaw(world, [step], message, seen=f"{each.cell[0]}.{each.cell[2]} was set to {label} before.")


async def dead_revived(world: World) -> AsyncIterator[Flaw]:
    """Steps that lead a row on from a state that every other step refuses; once a world."""
    held = known(world)
    if "revived" not in held.results:
        held.results["revived"] = [each async for each in _revived(world)]
    for each in held.results["revived"]:
        yield each


async def _revived(world: World) -> AsyncIterator[Flaw]:
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
        stale = list(_stale(world, profile))
        if not stale:
            continue
        if profile.play.operation.method in ("PUT", "PATCH") and await _unraised(world, profile):
            steps = [profile.first, profile.second]
            yield flaw(world, steps, f"{profile.symbol} accepts a version that is not the present one any more.")
            continue
        found: Step | None = None
        for what, request in stale:
            step = await world.once(request)
            if step.changes and (step.ok or step.status in (409, 412, 428)):
                how = f"accepts {what}" if step.ok else f"refuses {what} and makes the change all the same"
                yield flaw(world, [step], f"{profile.symbol} {how}.")
                break
            found = found or step
        else:
            refused = found is not None and found.refused
            if profile.symbol not in lost and profile.once and profile.second.status in (409, 412) and refused:
                async for each in _at_once(world, profile):
                    yield each


async def _unraised(world: World, profile: Profile) -> bool:
    """Whether a second change from the same version is accepted."""
    named = [*profile.sent.headers.items(), *profile.sent.query.items()]
    tagged = any((n.lower() == "if-match" or is_version(profile.play, n)) and "*" not in str(v) for n, v in named)
    if not tagged and not any(True for _ in _stale_body(profile, profile.sent)):
        return False
    if profile.again:
        return True
    request = otherwise(profile, 1)
    if request == profile.fresh(21) or not profile.second.ok:
        return False
    async with world.scene() as scene:
        first = await scene.send(profile.fresh(20))
        second = await scene.send(request)
    return first.ok and second.ok and bool(second.changes)


async def _at_once(world: World, profile: Profile) -> AsyncIterator[Flaw]:
    """Several changes of the same version at the same time: one may be accepted."""
    requests = profile.several(AT_ONCE)
    for tables in tries(world, profile.tables):
        async with world.scene() as scene:
            answers, done = await together(scene, requests, tables, profile.first.seconds)
        if accepted(answers) > 1 and done:
            steps = [profile.first, profile.second]
            message = f"{profile.symbol} accepts several changes of one version at the same time."
            seen = f"{AT_ONCE} at the same time: more than one is accepted."
            yield replace(flaw(world, steps, message, seen=seen), reproduce=at_once(world, requests))
            return


def _stale(world: World, profile: Profile) -> Iterator[tuple[str, Request]]:
    """(what it is, the request with another version, or with none where one is demanded); nothing where it takes none.

    A version is a header, a parameter of the query, or a property of the body.
    """
    request, operation = profile.sent, profile.play.operation
    for parameter in (*operation.parameters_in("header"), *operation.parameters_in("query")):
        name, in_query = parameter.name, parameter.where == "query"
        match = name.lower() == "if-match"
        if not match and (not is_version(profile.play, name) or (in_query and name not in request.query)):
            continue
        sent: Mapping[str, Any] = request.query if in_query else request.headers
        held = str(next((v for n, v in sent.items() if n.lower() == name.lower()), '"1"'))
        kept = {n: v for n, v in sent.items() if n.lower() != name.lower()}
        if held == "*" or (not match and not re.search(r"\d", held)):
            return
        for what, value in _others(held, match):
            given = {**kept, name: value}
            yield what, replace(request, query=given) if in_query else replace(request, headers=given)
        if parameter.required or operation.response("428") is not None:
            yield "no version", replace(request, query=kept) if in_query else replace(request, headers=kept)
        return
    yield from _stale_body(profile, request)


def _others(held: str, match: bool) -> Iterator[tuple[str, str]]:
    other = _other(held)
    yield "a version that is not the present one", other
    if match:
        yield "a weak tag of another version", other if other.startswith("W/") else f"W/{other}"
        yield "a tag that is none of its versions", '"none"'


def _stale_body(profile: Profile, request: Request) -> Iterator[tuple[str, Request]]:
    declared = any(profile.play.operation.response(each) is not None for each in ("409", "412", "428"))
    body = leaves(request.body) if isinstance(request.body, dict) and declared else []
    for place, value in body:
        if not isinstance(value, int) or isinstance(value, bool) or not is_version(profile.play, place[-1]):
            continue
        rows = [each.before for each in profile.first.changes.updated]
        if any(row.get(n) == value and is_version(profile.play, n) for row in rows for n in row):
            for what, other in (("later", value + 7), ("earlier", value - 1)):
                yield f"a version that is {what} than the present one", request.having(place, other)
            alone = [other for other, _ in body if other != place and len(other) == 1]
            if profile.play.operation.method == "PATCH" and len(alone) > 1:
                for each in alone[:3]:
                    kept = {each[0]: dict(body)[each], place[0]: value + 7}
                    yield "a version that is not the present one", request.with_body(kept)
            return


def _other(tag: str) -> str:
    """A tag of the same form."""
    found = re.search(r"\d+(?=\D*$)", tag)
    if found and len(found.group()) < 10:
        return f"{tag[: found.start()]}{int(found.group()) + 7}{tag[found.end() :]}"
    inner = tag.strip('"')
    last = "0" if inner[-1:] != "0" else "1"
    return tag.replace(inner, inner[:-1] + last) if inner else '"stale"'
