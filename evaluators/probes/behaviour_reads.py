"""Reads that write: twice in a row, as HEAD, and from rows whose times have gone by."""

from __future__ import annotations

import datetime
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evaluators.probes.behaviour_effects import Visible, taken_by_token, visible, written
from evaluators.probes.behaviour_fill import refused_by
from evaluators.probes.behaviour_values import moment
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, Scene, World
from evaluators.rule import Flaw
from evaluators.service.oracle import Changes
from evaluators.service.request import ABSENT, Request
from evaluators.service.seeding import quoted
from evaluators.service.step import Step
from evaluators.service.tables import Table

MOST = 45
"""Requests from rows whose times have gone by, and of reads beside writes."""
YEARS = datetime.timedelta(days=3653)
"""By how much they are set back."""
SEEN = re.compile(r"read|seen|open|impression|recent|histor", re.IGNORECASE)
"""Tables that say what somebody has looked at."""
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
WHO = re.compile(r"session|token|credential|api_?key|login|refresh", re.IGNORECASE)
"""Tables without which nobody is let in."""


async def reads_that_write(world: World) -> AsyncIterator[Flaw]:
    """One flaw of each operation."""
    shown = visible(world)
    told: set[str] = set()
    plays = [p for op in world.operations("GET") if (p := world.plays.get(op.symbol)) and p.step.ok]
    plays = [play for play in plays if not taken_by_token(play)]
    for play in plays:
        found = await _read_twice(world, play, shown)
        if found is not None:
            told.add(play.operation.symbol)
            yield found
    sent = world.sent
    for write in await _writes(world):
        for play in _about_the_same(plays, write):
            if play.operation.symbol in told or world.sent - sent > MOST:
                continue
            found = await _read_beside(world, play, write)
            if found is not None:
                told.add(play.operation.symbol)
                yield found
    sent = world.sent
    for table in _timed(world, shown):
        for play in _showing(plays, table):
            if play.operation.symbol in told or world.sent - sent > MOST:
                continue
            found = await _read_late(world, play, table, shown)
            if found is not None:
                told.add(play.operation.symbol)
                yield found


async def _read_twice(world: World, play: Play, shown: Visible) -> Flaw | None:
    """The same read two times, and as HEAD where nothing came of it; what changes must change each time."""
    for request in (play.request, _headed(play.request)):
        for _ in range(2):
            async with world.scene() as scene:
                steps = [await scene.send(request), await scene.send(request)]
            what = [written(step, shown, play) if step.ok else "" for step in steps]
            if not any(what):
                break
        else:
            done = steps if what[1] else steps[:1]
            return flaw(world, done, f"{play.operation.symbol} {what[1] or what[0]}.", operation=play.operation)
    return None


@dataclass(frozen=True)
class Write:
    """A write that works, and what it does."""

    play: Play
    changes: Changes
    gone: tuple[str, str, Any] | None = None
    """(table, column, value) of the rows without which it does it: those that it made before."""


async def _writes(world: World) -> list[Write]:
    """The writes about a thing that their path names; of a PUT that has done its work before, what it makes anew."""
    found = []
    for _, play in sorted(world.plays.items()):
        if play.operation.method not in UNSAFE or not play.request.path:
            continue
        if play.changes:
            found.append(Write(play, play.changes))
        elif play.operation.method == "PUT" and play.request.body is ABSENT and play.subject is not None:
            found += [made async for made in _made_anew(world, play, *play.subject)]
    return found


async def _made_anew(world: World, play: Play, subject: str, key: Any) -> AsyncIterator[Write]:
    """What a PUT adds once the rows of a table that point to its thing are gone."""
    for table in world.seeds.tables:
        column = next((k.columns[0] for k in table.foreign_keys if k.table == subject and len(k.columns) == 1), None)
        if column is None:
            continue
        async with world.scene() as scene:
            if await _removed(scene, (table.name, column, key)):
                step = await scene.send(play.request)
                if step.ok and step.changes.rows_added(table.name):
                    yield Write(play, step.changes, (table.name, column, key))


async def _removed(scene: Scene, gone: tuple[str, str, Any]) -> bool:
    table, column, value = gone
    statement = f"DELETE FROM {quoted(table)} WHERE {quoted(column)} = ?"  # noqa: S608 - quoted
    return not await refused_by(scene, statement, value, least=1)


def _about_the_same(plays: Sequence[Play], write: Write) -> Iterator[Play]:
    """The reads of what a write's path names."""
    for play in plays:
        path = play.operation.path
        if "{" in path and (write.play.operation.path + "/").startswith(path + "/"):
            yield play


async def _read_beside(world: World, play: Play, write: Write) -> Flaw | None:
    """The read of the very thing that a write works for, by the one for whom it does: whether it writes the same."""
    sent = write.play.request
    values = {name: value for name, value in sent.path.items() if name in play.request.path}
    request = play.request.at(**values).as_(sent.who)
    made: Visible = {table: set() for table, _ in write.changes.added if not SEEN.search(table)}
    made |= {each.table: set(each.columns) for each in write.changes.updated if not SEEN.search(each.table)}
    for _ in range(2):
        async with world.scene() as scene:
            if write.gone is not None and not await _removed(scene, write.gone):
                return None
            step = await scene.send(request)
        what = written(step, made, play) if step.ok and step.changes.tables <= write.changes.tables else ""
        if not what:
            return None
    told = f"{play.operation.symbol} {what}, as {write.play.operation.symbol} does."
    return flaw(world, [step], told, operation=play.operation)


def _headed(request: Request) -> Request:
    return replace(request, operation=replace(request.operation, method="HEAD"))


def _timed(world: World, shown: Visible) -> list[Table]:
    """Tables with times that answers show, those whose times end something first."""
    found = [each for each in world.seeds.tables if each.name in shown and not WHO.search(each.name)]
    found = [each for each in found if each.name != world.seeds.users and _times(world, each)]
    return sorted(found, key=lambda each: not any(re.search(r"expir|until|due|end", c) for c in _times(world, each)))


def _times(world: World, table: Table) -> list[str]:
    """The columns of a table that hold times."""
    rows = world.sealed.get(table.name, ())
    return [
        each.name
        for each in table.columns
        if not each.computed and each.name not in table.key and any(moment(row.get(each.name)) for row in rows)
    ]


def _showing(plays: Sequence[Play], table: Table) -> list[Play]:
    return [play for play in plays if any(cell[0] == table.name for cell in play.shown.values())]


async def _read_late(world: World, play: Play, table: Table, shown: Visible) -> Flaw | None:
    """The read after all times of a table have gone by."""
    for _ in range(2):
        async with world.scene() as scene:
            if not await _aged(world, scene, table):
                return None
            step: Step = await scene.send(play.request)
        what = written(step, shown, play) if step.ok else ""
        if not what:
            return None
    told = f"{play.operation.symbol} {what} once its times have gone by."
    return flaw(world, [step], told, operation=play.operation)


async def _aged(world: World, scene: Scene, table: Table) -> bool:
    """Whether rows took times that are ten years earlier, all of a row alike, so that their order stays."""
    names, done = _times(world, table), False
    for row in list(world.watch.now.get(table.name, ()))[:20] if table.key else ():
        late = any(str(row.get(name))[:4] > "2033" for name in names if moment(row.get(name)) is not None)
        values = {name: _earlier(row.get(name), YEARS * (2 if late else 1)) for name in names}
        held = {name: value for name, value in values.items() if value is not None}
        if not held:
            continue
        sets = ", ".join(f"{quoted(name)} = ?" for name in held)
        where = " AND ".join(f"{quoted(name)} = ?" for name in table.key)
        statement = f"UPDATE {quoted(table.name)} SET {sets} WHERE {where}"  # noqa: S608 - quoted
        refused = await refused_by(scene, statement, *held.values(), *(row[name] for name in table.key), least=1)
        done = done or not refused
    return done


def _earlier(held: object, by: datetime.timedelta) -> str | None:
    """A time that much earlier, in the same form; None where it is none."""
    if moment(held) is None:
        return None
    text = str(held)
    return (datetime.datetime.fromisoformat(text.upper()) - by).isoformat()[:10] + text[10:]
