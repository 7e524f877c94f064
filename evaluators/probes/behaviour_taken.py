"""The same thing made once more in other ways: by somebody else, in capitals, renamed to it, after its deletion."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from evaluators.probes.atlas import bare, key_of
from evaluators.probes.behaviour_fill import refused_by
from evaluators.probes.behaviour_refusals import crashed
from evaluators.probes.behaviour_rows import column_for, followed, named_by, places_of, writing
from evaluators.probes.behaviour_values import facets_at, moment
from evaluators.probes.world import Play, World
from evaluators.service.bodies import Place
from evaluators.service.request import Request, plain
from evaluators.service.seeding import quoted
from evaluators.service.step import Step

MOST = 4
"""Places of one body that are set to what another row holds."""


async def taken(world: World) -> AsyncIterator[tuple[Play, list[Step], str]]:
    """(play, its steps, what was done) where the last answer is a failure, twice."""
    for play in writing(world, "POST"):
        for told, request in _again(world, play):
            steps = await _both(world, play, request)
            if steps is not None:
                yield play, steps, told
                break
        else:
            steps = await _after_deletion(world, play)
            if steps is not None:
                yield play, steps, "after it was deleted"
                continue
            async for name, step in _of_another(world, play):
                yield play, [step], f"{name} that somebody else's has"
    for play in writing(world, "PUT", "PATCH"):
        for place, value in _held_by_others(world, play):
            step = await world.once(play.request.having(place, value))
            if crashed(step) and crashed(await world.once(step.request)):
                yield play, [step], f"with a {place[-1]} that another one has"
                break


async def _both(world: World, play: Play, request: Request) -> list[Step] | None:
    """The play and the request after it, where the second fails each time."""
    for _ in range(2):
        async with world.scene() as scene:
            steps = [await scene.send(play.request)]
            steps.append(await scene.send(followed(request, steps[0])))
        if not steps[0].ok or not crashed(steps[1]):
            return None
    return steps


def _again(world: World, play: Play) -> Iterator[tuple[str, Request]]:
    """(what was done, request) of the ways to make the same once more."""
    if not play.changes.added:
        return
    ordinary = world.crew.ordinary
    if play.request.who in ordinary and len(ordinary) > 1:
        yield "by somebody else", play.request.as_(next(name for name in ordinary if name != play.request.who))
    texts = {place: value for place, value in places_of(play) if _free(play, place, value)}
    turned = {place: value.swapcase() for place, value in texts.items() if value.swapcase() != value}
    if turned:
        yield "in other letters", _with(play.request, turned)
    unique = {bare(str(row[name])) for table, row in play.changes.added for name in _unique(world, table) if row[name]}
    derived = {place: f"{value}." for place, value in texts.items() if bare(value) in unique and len(value) > 2}
    if derived:
        yield "with another mark behind", _with(play.request, derived)
    for name, value in list(play.request.path.items())[-1:]:
        other = _sibling(world, plain(value), play.request.who or "a")
        if other is not None:
            yield "under another parent", play.request.at(**{name: other})


def _sibling(world: World, key: str, who: str) -> str | None:
    """The key of another row of somebody's, in the only table that has a row with this key."""
    names = {each.name: name for each in world.seeds.tables if (name := key_of(each))}
    there = [t for t, name in names.items() if any(plain(row.get(name)) == key for row in world.sealed.get(t, ()))]
    if len(there) != 1:
        return None
    keys = [plain(row[names[there[0]]]) for row in world.owned(there[0], who)]
    return next((each for each in keys if each != key), None)


def _unique(world: World, table: str) -> tuple[str, ...]:
    found = world.seeds.table(table)
    return tuple(name for name in found.unique if name not in found.key) if found is not None else ()


def _with(request: Request, values: Mapping[Place, Any]) -> Request:
    for place, value in values.items():
        request = request.having(place, value)
    return request


def _free(play: Play, place: Place, value: Any) -> bool:
    """Whether a text is no word of an enumeration, no id and no time."""
    kind = facets_at(play.operation, place)
    return isinstance(value, str) and not kind.enum and kind.format in (None, "email") and moment(value) is None


async def _after_deletion(world: World, play: Play) -> list[Step] | None:
    """Made, deleted and made again, where the last fails each time."""
    path = play.operation.path.rstrip("/")
    delete = next(
        (
            p
            for s, p in sorted(world.plays.items())
            if s.startswith(f"DELETE {path}/{{") and s.count("/") == path.count("/") + 1
        ),
        None,
    )
    if delete is None or not play.changes.added or play.subject is None:
        return None
    last = list(delete.request.path)[-1]
    for _ in range(2):
        async with world.scene() as scene:
            steps = [await scene.send(play.request)]
            made = next(
                (row for table, row in steps[0].changes.added if play.subject and table == play.subject[0]), None
            )
            table = world.seeds.table(play.subject[0])
            if made is None or table is None or len(table.key) != 1:
                return None
            gone = followed(delete.request.at(**{**play.request.path, last: plain(made[table.key[0]])}), steps[0])
            steps.append(await scene.send(gone.as_(play.request.who)))
            steps.append(await scene.send(play.request))
        if not (steps[0].ok and steps[1].ok and crashed(steps[2])):
            return None
    return steps


async def _of_another(world: World, play: Play) -> AsyncIterator[tuple[str, Step]]:
    """(column, the answer) of the first unique text that somebody else's row has already, which fails each time."""
    table = world.seeds.table(play.subject[0]) if play.subject is not None else None
    made = next((row for name, row in play.changes.added if table is not None and name == table.name), None)
    if table is None or made is None or len(table.key) != 1:
        return
    mine, key = world.owned(table.name, play.request.who or "a"), table.key[0]
    theirs = next((row for row in world.sealed.get(table.name, ()) if row not in mine), None)
    for name in _unique(world, table.name):
        if theirs is None or not isinstance(made.get(name), str):
            continue
        statement = f"UPDATE {quoted(table.name)} SET {quoted(name)} = ? WHERE {quoted(key)} = ?"  # noqa: S608 - quoted
        for _ in range(2):
            async with world.scene() as scene:
                if await refused_by(scene, statement, made[name], theirs[key], least=1):
                    break
                step = await scene.send(play.request)
            if not crashed(step):
                break
        else:
            yield name, step
            return


def _held_by_others(world: World, play: Play) -> list[tuple[Place, Any]]:
    """(place, value) of what other rows of the same table hold, those of the same owner first."""
    if play.subject is None:
        return []
    table, row = play.subject[0], named_by(world, play.subject, world.sealed)
    who = play.request.who or "a"
    owned = [*world.owned(table, who), *world.sealed.get(table, ())]
    found = []
    for place, value in places_of(play):
        name = column_for(world, play, place)
        if row is None or name is None or isinstance(value, bool) or facets_at(play.operation, place).enum:
            continue
        others = [each[name] for each in owned if each.get(name) not in (None, row.get(name), value)]
        others = [each for each in others if type(each) is type(value)]
        found += [(place, others[0])] if others else []
    return found[:MOST]
