"""The probe `update-without-effect`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from evaluators.finding import Severity
from evaluators.probes.behaviour_empty import answered_old, emptied
from evaluators.probes.behaviour_rows import (
    arrived,
    column_for,
    followed,
    named_by,
    others,
    places_of,
    with_values,
    writing,
)
from evaluators.probes.behaviour_values import facets_at
from evaluators.probes.proof import flaw
from evaluators.probes.tracing import strong
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.bodies import Place
from evaluators.service.oracle import Row
from evaluators.service.request import Request
from evaluators.service.step import Step


@rule(
    "update-without-effect",
    family="probes",
    severity=Severity.ERROR,
    cwe="CWE-440",
    owasp="",
)
async def update_without_effect(world: World) -> AsyncIterator[Flaw]:
    """An update is accepted, but what it sends does not arrive in the row.

    Why: The client is told that its change was made, and goes on from there.
        It is lost, and nobody hears of it.

    Sends: Each PUT and PATCH that works, with another value at each place of
        its body that the contract allows to be another; then each place alone;
        then each choice there and back; then each property as null, false, 0 or an empty text where it may be
        that, and each reference to another row of the same owner.

    Applies: To places of a JSON body that go to a column of the row that the
        path names: by observation, else by the column's name. Where no place
        has a column, to the update as a whole.

    Proves: The answer is 2xx and the column still holds what it held before;
        or two different bodies are accepted and no row of any table changes;
        or the row holds the new value and the answer shows the old one.

    Precision: Passwords, links, addresses and version counters are left out,
        since services rewrite them. Data that is kept outside of the database
        is not seen.

    Source: RFC 9110, section 9.3.4 (a successful PUT means that the state was
        replaced) and RFC 5789, section 2; CWE-440.
    """
    for play in writing(world, "PUT", "PATCH"):
        columns = {place: name for place, _ in places_of(play) if (name := column_for(world, play, place))}
        if columns:
            found = await _lost(world, play, columns)
        else:
            found = await _nothing(world, play)
        found = found or await emptied(world, play)
        if found is not None:
            yield found


async def _lost(world: World, play: Play, columns: Mapping[Place, str]) -> Flaw | None:
    """The first place whose new value does not arrive; all places at once first."""
    before = named_by(world, play.subject, world.sealed)
    if before is None:
        return None
    values = {place: value for place, value in others(play, before, columns).items() if place in columns}
    if not values:
        return None
    step, kept = await _sent(world, play, values, columns)
    if step.ok and not kept:
        return _old(world, play, step, before) or await _back(world, play, before, values, columns)
    for place in list(values) if not step.ok else kept:
        alone, lost = await _sent(world, play, {place: values[place]}, columns)
        if alone.ok and lost and not _arrived_elsewhere(alone, values[place]):
            name = ".".join(map(str, place))
            assert play.subject is not None  # noqa: S101 - a column has a table
            told = f"{play.operation.symbol} accepts another {name}, but {play.subject[0]}.{columns[place]} stays."
            return flaw(world, [alone], told, seen=f"rows: {columns[place]} is as it was before")
    return await _back(world, play, before, values, columns)


async def _back(
    world: World, play: Play, before: Row, values: Mapping[Place, Any], columns: Mapping[Place, str]
) -> Flaw | None:
    """The first choice that can be made and not be taken back: what was closed stays closed."""
    for place, value in values.items():
        labels, column = facets_at(play.operation, place).enum or (), columns[place]
        first = before.get(column)
        if not (isinstance(value, bool) or first in labels) or value == first:
            continue
        async with world.scene() as scene:
            there = await scene.send(with_values(play.request, {place: value}))
            middle = named_by(world, play.subject, world.watch.now) or {}
            if not there.ok or middle.get(column) == first:
                continue
            back = await scene.send(with_values(followed(play.request, there), {place: first}))
            after = named_by(world, play.subject, world.watch.now) or {}
        if back.ok and after.get(column) == middle.get(column):
            name = ".".join(map(str, place))
            told = f"{play.operation.symbol} accepts the first {name} again, and the one after it stays."
            return flaw(world, [there, back], told, seen=f"rows: {column} is as the first request left it")
    return None


def _old(world: World, play: Play, step: Step, before: Row) -> Flaw | None:
    """An answer that shows the old value of what is new in the row."""
    after = next((each.after for each in step.changes.updated if play.subject and each.table == play.subject[0]), None)
    name = answered_old(play, step, before, after) if after is not None else ""
    told = f"{play.operation.symbol} changes {name}, and answers the old one."
    return flaw(world, [step], told) if name else None


async def _sent(
    world: World, play: Play, values: Mapping[Place, Any], columns: Mapping[Place, str]
) -> tuple[Step, list[Place]]:
    """Send new values; the places whose column holds what it held before."""
    before = named_by(world, play.subject, world.sealed) or {}
    async with world.scene() as scene:
        step = await scene.send(with_values(play.request, values))
        after = named_by(world, play.subject, world.watch.now) or {}
    kept = [
        place for place, value in values.items()
        if after.get(columns[place]) == before.get(columns[place]) and not arrived(value, after.get(columns[place]))
    ]  # fmt: skip
    return step, kept


def _arrived_elsewhere(step: Step, value: Any) -> bool:
    """Whether the value went to another cell; a small number is anywhere."""
    if not strong(value):
        return False
    cells = [cell for _, row in step.changes.added for cell in row.values()]
    cells += [each.after[name] for each in step.changes.updated for name in each.columns]
    return any(arrived(value, cell) for cell in cells)


async def _nothing(world: World, play: Play) -> Flaw | None:
    """Whether two different bodies are accepted and neither changes a row."""
    if play.changes or play.subject is None:
        return None
    values = {
        place: value for place, value in others(play).items()
        if facets_at(play.operation, place).enum or isinstance(value, bool | int | float)
    }  # fmt: skip
    if not values:
        return None
    request: Request = with_values(play.request, values)
    async with world.scene() as scene:
        one = await scene.send(request)
        two = await scene.send(followed(play.request, one))
    if one.ok and two.ok and not one.changes and not two.changes:
        return flaw(world, [one, two], f"{play.operation.symbol} accepts two different bodies and changes no row.")
    return None
