"""Requests at the same time, of which all have read before the first one writes.

On PostgreSQL the gate holds a lock on a table that they write, on SQLite the
lock of the one that writes; a service that locks what it reads, or changes it
under a condition, does not mind. Elsewhere they are sent at once a few times.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evaluators.probes.invariants_places import TIMES, is_time, spots_of
from evaluators.probes.invariants_profile import Profile, changed, fixed_columns, number, parents, set_cell, varied
from evaluators.probes.preparing import prepared
from evaluators.probes.proof import shell
from evaluators.probes.world import Scene, World
from evaluators.service.bodies import Place
from evaluators.service.client import Answer
from evaluators.service.database import Database
from evaluators.service.encodings import Upload
from evaluators.service.inserting import quoted
from evaluators.service.oracle import Changes, Row, State
from evaluators.service.request import Request
from evaluators.service.sqlitefile import SqliteDatabase
from evaluators.service.step import Step
from evaluators.service.tables import Table

AT_ONCE = 4
HELD = 1.6
"""Seconds that a lock is held at most: services give up after two or more."""
STILL = 0.2
"""Seconds without another request at the lock, after which no more are expected, at least."""
ROUNDS = 3
"""Times that it is tried where the gate can hold no lock."""
APART = 3
"""Days between the times of two requests."""
PLENTY = 1000

Crowd = Callable[[Sequence["asyncio.Task[Answer]"]], Awaitable[None]]
Maker = Callable[[int], Request]
Prepare = Callable[[Scene], Awaitable[bool]]


@contextlib.asynccontextmanager
async def held(database: Database, tables: Iterable[str], seconds: float) -> AsyncIterator[Crowd | None]:
    """Nobody writes into these tables meanwhile, nor locks their rows; reading goes on.

    Args:
        seconds: what one such request takes when it is alone.
    """
    names = ", ".join(quoted(name) for name in sorted(tables))
    if isinstance(database, SqliteDatabase):
        async with _written(database, seconds) as crowd:
            yield crowd
        return
    if database.dialect != "postgres" or not names:
        yield None
        return
    import psycopg

    async with await psycopg.AsyncConnection.connect(**database.admin) as session:

        async def waiting() -> int:
            cursor = await session.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
            row = await cursor.fetchone()
            return int(row[0]) if row else 0

        async def crowd(tasks: Sequence[asyncio.Task[Answer]]) -> None:
            clock, still = asyncio.get_running_loop().time, max(STILL, 5 * seconds)
            end, seen, since = clock() + HELD, 0, clock()
            while clock() < end:
                there = await waiting() + sum(each.done() for each in tasks)
                if there >= len(tasks):
                    return
                if there > seen:
                    seen, since = there, clock()
                if seen and clock() > since + still:
                    return
                await asyncio.sleep(0.02)

        try:
            await session.execute("SET LOCAL lock_timeout = '1s'")
            await session.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE".encode())
        except psycopg.Error:
            await session.rollback()
            yield None
            return
        try:
            yield crowd
        finally:
            await session.rollback()


@contextlib.asynccontextmanager
async def _written(database: SqliteDatabase, seconds: float) -> AsyncIterator[Crowd | None]:
    """The gate writes into the file, as it seems, and lets others read."""

    async def crowd(tasks: Sequence[asyncio.Task[Answer]]) -> None:
        # Who waits for a file polls: nobody sees how many do.
        await asyncio.wait(tasks, timeout=min(HELD, max(STILL, 2 * seconds * len(tasks))))

    if not await database.hold():
        yield None
        return
    try:
        yield crowd
    finally:
        await database.free()


async def together(
    scene: Scene, requests: Sequence[Request], tables: Iterable[str], seconds: float = 0.05
) -> tuple[list[Answer], Changes]:
    """Send requests so that all have read before one writes; answers in their order, and what all changed."""
    stack = contextlib.AsyncExitStack()
    crowd = await stack.enter_async_context(held(scene.world.running.database, tables, seconds))

    async def gathered(tasks: Sequence[asyncio.Task[Answer]]) -> None:
        if crowd is not None:
            await crowd(tasks)
        await stack.aclose()

    try:
        return await scene.together(requests, meanwhile=gathered)
    finally:
        await stack.aclose()


def accepted(answers: Sequence[Answer]) -> int:
    """How many were accepted."""
    return sum(200 <= each.status < 300 for each in answers)


def tries(world: World, *groups: Iterable[str]) -> list[list[str]]:
    """The tables to lock in each round. Who waits at a table that is written first has not read the next one yet."""
    dialect = world.running.database.dialect
    if dialect != "postgres":
        return [[]] * (2 if dialect == "sqlite" else ROUNDS)
    rounds: list[list[str]] = []
    for tables in (sorted(set(each)) for each in groups):
        if tables and tables not in rounds:
            rounds.append(tables)
    return rounds


def at_once(world: World, requests: Sequence[Request], before: State | None = None) -> str:
    """Lines for a shell that send them at the same time, from the rows that they found."""
    steps = [Step(each, Answer(0), Changes()) for each in requests]
    first = prepared(world, world.origin, before) if before is not None and world.running.sets_back else []
    return "\n".join([*first, *(f"{shell(world, [step])} &" for step in steps), "wait"])


@dataclass(frozen=True)
class Several:
    """Requests of one operation that are accepted one after another, and what each of them did."""

    make: Maker
    prepare: Prepare
    """Sets the rows that they need; whether it could."""
    steps: tuple[Step, Step]
    most: int = AT_ONCE

    def requests(self) -> list[Request]:
        """As many of them as there can be."""
        return [self.make(each) for each in range(self.most)]


async def several(world: World, profile: Profile) -> AsyncIterator[Several]:
    """Ways to send an operation several times that are accepted, the one of different people first."""
    plain = [(make, prepare, most) for make, most in _makers(world, profile) for prepare in _prepares(world, profile)]
    others = [found for found in (_apart(world, profile), elsewhere(world, profile)) if profile.once and found]
    last = len(plain) - (len(_prepares(world, profile)) if others else 0)
    done: set[Maker] = set()
    # Requests about one thing wait for each other there: so those about two come before them.
    for make, prepare, most in (*plain[:last], *((*found, 2) for found in others), *plain[last:]):
        if make in done:
            continue
        async with world.scene() as scene:
            if not await prepare(scene):
                continue
            steps = [await scene.send(make(each)) for each in (0, 1)]
        alike = steps[1].changes.tables >= {table for table, _ in profile.first.changes.added}
        if steps[0].ok and steps[1].ok and alike and steps[1].changes:
            done.add(make)
            yield Several(make, prepare, (steps[0], steps[1]), most)


def _makers(world: World, profile: Profile) -> list[tuple[Maker, int]]:
    """Ways to make them, and how many of each there can be."""

    def alone(count: int) -> Request:
        return otherwise(profile, count) if profile.once else profile.fresh(20 + count)

    def both(count: int) -> Request:
        made = profile.fresh(20 + count)
        return made.as_("b") if count % 2 else made

    def turned(count: int) -> Request:
        made = otherwise(profile, count)
        return made.as_("b") if count % 2 else made

    others = profile.sent.who == "a" and "b" in world.crew.ordinary
    varies = otherwise(profile, 1) != profile.fresh(21)
    found = [(both, 2 if profile.once else AT_ONCE)] if others else []
    found += [(turned, AT_ONCE)] if others and varies and profile.once else []
    return [*found, *([(alone, AT_ONCE)] if varies or not profile.once or _takes(profile) else [])]


def otherwise(profile: Profile, count: int) -> Request:
    """The same request with other texts, names of files, and later times: what may be there once, is no obstacle."""
    request = profile.fresh(20 + count)
    if not count or not isinstance(request.body, dict):
        return request
    for spot in spots_of(profile.play):
        if is_time(spot) and TIMES.fullmatch(str(spot.value)):
            request = request.having(spot.place, later(str(spot.value), count * APART))
        elif isinstance(spot.value, str) and spot.value and not spot.kind.enum and not points(profile, spot.value):
            text = varied(spot.value, 40 + count)
            formed = spot.kind.pattern is None or re.search(spot.kind.pattern, text) is not None
            request = request.having(spot.place, text) if formed else request
    for name, value in request.body.items():
        if isinstance(value, Upload):
            request = request.having((name,), replace(value, name=f"{count}-{value.name}"))
    return request


def points(profile: Profile, text: str) -> bool:
    """Whether a text names a row that a new one points to."""
    rows = [row for _, row in profile.first.changes.added]
    return any(str(value) == text and name.endswith("_id") for row in rows for name, value in row.items())


def later(text: str, days: int) -> str:
    """A day or a moment some days later, in the same form."""
    try:
        if len(text) == 10:
            return (datetime.date.fromisoformat(text) + datetime.timedelta(days=days)).isoformat()
        moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) + datetime.timedelta(days=days)
    except (ValueError, OverflowError):
        return text
    return moment.isoformat().replace("+00:00", "Z") if text.endswith("Z") else moment.isoformat()


def _prepares(world: World, profile: Profile) -> list[Prepare]:
    async def shared(scene: Scene) -> bool:
        return await _same_things(scene, profile)

    async def plenty(scene: Scene) -> bool:
        return await _same_things(scene, profile) and await more(scene, profile)

    return [shared, plenty] if _takes(profile) else [shared]


async def _same_things(scene: Scene, profile: Profile) -> bool:
    """What a request of one's own uses up (the lines of a cart), the other one has too."""
    world = scene.world
    for table in sorted({name for name, _ in profile.first.changes.removed}):
        found = world.seeds.table(table)
        owner = next((k.columns[0] for k in found.foreign_keys if k.table == world.seeds.users), "") if found else ""
        row = next(iter(world.owned(table, "b")), None)
        if not owner or found is None or row is None:
            continue
        await changed(scene, f"DELETE FROM {quoted(table)} WHERE {quoted(owner)} = ?", row[owner])  # noqa: S608
        free = [c.name for c in found.columns if not (c.computed or (c.has_default and (c.name,) == found.key))]
        names, marks = ", ".join(quoted(name) for name in free), ", ".join("?" for _ in free)
        text = f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})"  # noqa: S608 - quoted
        for own in profile.first.changes.removed:
            if own[0] == table:
                await changed(scene, text, *({**own[1], owner: row[owner]}[name] for name in free))
    return True


def _takes(profile: Profile) -> bool:
    return any(each.by < 0 or _bounds(each.row, each.after) for each in profile.moves)


def _bounds(row: Row, value: Any) -> list[str]:
    """The numbers of a row that are no less than a value."""
    return [name for name, held_value in row.items() if (number(held_value) or -1) >= value]


async def more(scene: Scene, profile: Profile) -> bool:
    """Give the rows that the request takes from, or fills up, more than it needs; False where nothing can be had."""
    done = False
    for each in profile.moves:
        fixed = fixed_columns(scene.world.seeds.table(each.table)) | {each.column}
        others = [name for name in _bounds(each.row, max(each.before, each.after)) if name not in fixed]
        for name in others:
            cell = (each.table, each.key, name)
            done = await set_cell(scene, cell, (number(each.row[name]) or 0) + PLENTY) or done
        if each.by < 0:
            done = await set_cell(scene, each.cell, each.before + PLENTY) or done
    return done


def elsewhere(world: World, profile: Profile) -> tuple[Maker, Prepare] | None:
    """The request about another row, which the gate makes like the first."""
    place, table, value = _in_path(world, profile)
    found = _other_row(world, table, value) if table is not None else None
    if found is None:
        return None
    other, alike = found

    def make(count: int) -> Request:
        request = profile.fresh(20 + count)
        return request.at(**{place: other}) if count % 2 else request

    return make, alike


def _in_path(world: World, profile: Profile) -> tuple[str, Table | None, Any]:
    """(parameter, table, key) of the row that a path names: its subject, or what it changes or adds something to."""
    subject = profile.play.subject
    near = [(subject[0], subject[1])] if subject is not None else []
    rows = [(each.table, each.before) for each in profile.first.changes.updated]
    for table, row in profile.first.changes.added:
        rows += [(parent, other) for parent, other, _ in parents(world, table, row)]
    near += [(table, key[0]) for table, row in rows if len(key := world.keys.of(table, row)) == 1]
    for name, value in reversed(list(profile.sent.path.items())):
        for called, key in near:
            found = world.seeds.table(called)
            if str(key) == str(value) and found is not None and len(found.key) == 1:
                return name, found, value
    return "", None, None


def _apart(world: World, profile: Profile) -> tuple[Maker, Prepare] | None:
    """The request with another row in its body, which the gate makes like the first: two rooms, one purse."""
    moved = {each.table for each in profile.moves}
    for table, row in profile.first.changes.added if moved else ():
        for goal, parent, columns in parents(world, table, row):
            known = world.seeds.table(goal)
            if known is None or len(known.key) != 1 or goal in moved or goal == world.seeds.users:
                continue
            spot = next((s for s in spots_of(profile.play) if str(s.value) == str(row.get(columns[0]))), None)
            found = _other_row(world, known, parent[known.key[0]])
            if spot is None or found is None:
                continue
            place, (other, alike) = spot.place, found

            def make(count: int, place: Place = place, other: Any = other) -> Request:
                request = otherwise(profile, count)
                return request.having(place, other) if count % 2 else request

            return make, alike
    return None


def _other_row(world: World, table: Table, value: Any) -> tuple[Any, Prepare] | None:
    """(the key of another row, what makes it like the row of that key)."""
    key = table.key[0]
    rows = world.sealed.get(table.name, ())
    own = next((row for row in rows if str(row.get(key)) == str(value)), None)
    other = next((row for row in rows if row is not own), None)
    if own is None or other is None:
        return None
    free = [c.name for c in table.columns if not c.computed and c.name not in {key, *table.unique}]
    given = {name: own[name] for name in free if own.get(name) != other.get(name)}

    async def alike(scene: Scene) -> bool:
        sets = ", ".join(f"{quoted(name)} = ?" for name in given)
        text = f"UPDATE {quoted(table.name)} SET {sets} WHERE {quoted(key)} = ?"  # noqa: S608 - quoted
        return not given or await changed(scene, text, *given.values(), other[key]) == 1

    return other[key], alike
