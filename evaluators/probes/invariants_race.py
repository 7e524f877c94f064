"""Requests at the same time, and what they may not do together.

On PostgreSQL the gate holds a lock on the tables that the request writes, so
that all of them have read before the first one writes; a service that locks
what it reads, or changes it under a condition, does not mind. Elsewhere they
are sent at once a few times.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evaluators.probes.invariants_profile import (
    Cell,
    Profile,
    fixed_columns,
    known,
    moves,
    number,
    parents,
    profiles,
    set_cell,
    sums,
    told_set,
)
from evaluators.probes.proof import shell
from evaluators.probes.world import Scene, World
from evaluators.service.client import Answer
from evaluators.service.database import Database
from evaluators.service.inserting import quoted
from evaluators.service.oracle import Changes
from evaluators.service.request import Request
from evaluators.service.step import Step

AT_ONCE = 4
HELD = 1.0
"""Seconds that a lock is held at most."""
STILL = 0.15
"""Seconds without another request at the lock, after which no more are expected."""
ROUNDS = 3
"""Times that it is tried where the gate can hold no lock."""
LIMITS = 4
"""Numbers that are tried as a bound of an operation."""
BISECTED = 5
"""Values that are tried of one of them."""

Crowd = Callable[[int, "asyncio.Task[object]"], Awaitable[None]]


@dataclass(frozen=True)
class Loss:
    """What requests at the same time did that one after another could not."""

    kind: str
    """`duplicate`, `transition`, `lost-update` or `double-spend`."""
    profile: Profile
    steps: tuple[Step, ...]
    """One after another."""
    seen: str
    reproduce: str
    about: str
    """The column or table that shows it."""


@dataclass(frozen=True)
class _Limit:
    """A number that may bound an operation, and between which values it may be just enough."""

    cell: Cell
    low: Decimal
    high: Decimal


@contextlib.asynccontextmanager
async def held(database: Database, tables: Iterable[str]) -> AsyncIterator[Crowd]:
    """Nobody writes into these tables meanwhile, nor locks their rows; reading goes on."""
    names = ", ".join(quoted(name) for name in sorted(tables))
    if database.dialect != "postgres" or not names:
        yield _nothing
        return
    import psycopg

    async with await psycopg.AsyncConnection.connect(**database.admin) as session:

        async def crowd(count: int, task: asyncio.Task[object]) -> None:
            clock = asyncio.get_running_loop().time
            end, last, seen = clock() + HELD, clock() + STILL, 0
            while clock() < min(end, max(last, end if not seen else last)) and not task.done():
                cursor = await session.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                row = await cursor.fetchone()
                waiting = int(row[0]) if row else 0
                if waiting >= count:
                    return
                if waiting > seen:
                    seen, last = waiting, clock() + STILL
                await asyncio.sleep(0.02)

        try:
            await session.execute("SET LOCAL lock_timeout = '1s'")
            await session.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE".encode())
        except psycopg.Error:
            await session.rollback()
            yield _nothing
            return
        try:
            yield crowd
        finally:
            await session.rollback()


async def _nothing(count: int, task: asyncio.Task[object]) -> None:
    return None


async def together(scene: Scene, requests: Sequence[Request], tables: Iterable[str]) -> tuple[list[Answer], Changes]:
    """Send requests so that all have read before one writes; answers in their order, and what all changed."""
    async with held(scene.world.running.database, tables) as crowd:
        task = asyncio.ensure_future(scene.together(requests))
        await crowd(len(requests), task)
    return await task


def accepted(answers: Sequence[Answer]) -> int:
    """How many were accepted."""
    return sum(200 <= each.status < 300 for each in answers)


async def losses(world: World) -> tuple[Loss, ...]:
    """What each play loses to others of its kind at the same time, one an operation; once a world."""
    held_before = known(world)
    if "losses" not in held_before.results:
        found = []
        for profile in await profiles(world):
            loss = await _loss(world, profile)
            if loss is not None:
                found.append(loss)
        held_before.results["losses"] = tuple(found)
    made: tuple[Loss, ...] = held_before.results["losses"]
    return made


async def _loss(world: World, profile: Profile) -> Loss | None:
    if profile.once and (profile.first.changes.added or profile.moves):
        loss = await _repeated(world, profile)
    elif profile.again and profile.moves:
        loss = await _lost(world, profile)
    else:
        loss = None
    return loss or await _limited(world, profile)


def _tries(world: World, profile: Profile, first: Iterable[str]) -> list[list[str]]:
    """The tables to lock in each round: what is counted, then all that is written."""
    if world.running.database.dialect != "postgres":
        return [[]] * ROUNDS
    own, every = sorted(first), sorted(profile.tables)
    return [own, every] if own != every else [every]


async def _repeated(world: World, profile: Profile) -> Loss | None:
    """A thing to be done once, done more often: more rows than one request adds, a number moved further."""
    first = profile.first.changes
    single = {table: len(first.rows_added(table)) for table, _ in first.added}
    for tables in _tries(world, profile, single or {each.table for each in profile.moves}):
        async with world.scene() as scene:
            answers, done = await together(scene, profile.several(AT_ONCE), tables)
        if accepted(answers) < 2:
            continue
        more = [table for table, count in sorted(single.items()) if len(done.rows_added(table)) > count]
        now = sums(moves(world, done, profile.play))
        further = [each for each in profile.moves if abs(now.get(each.cell, Decimal(0))) > abs(each.by)]
        if not more and not further:
            continue
        kind = "transition" if first.updated else "duplicate"
        about = more[0] if more else further[0].name
        what = f"{about} gets more than one new row" if more else f"{about} is moved more than once"
        seen = f"{AT_ONCE} such requests at the same time: more than one is accepted, and {what}."
        return Loss(kind, profile, (profile.first, profile.second), seen, at_once(world, profile), about)
    return None


async def _lost(world: World, profile: Profile) -> Loss | None:
    """Several were accepted, and a number has moved by less than all of them together."""
    second = sums(moves(world, profile.second.changes, profile.play))
    steady = [each for each in profile.moves if second.get(each.cell) == each.by]
    if not steady:
        return None
    for tables in _tries(world, profile, {each.table for each in steady}):
        async with world.scene() as scene:
            answers, done = await together(scene, profile.several(AT_ONCE), tables)
        count, now = accepted(answers), sums(moves(world, done, profile.play))
        for each in steady if count > 1 else ():
            if abs(now.get(each.cell, Decimal(0))) < abs(each.by) * count:
                seen = f"{AT_ONCE} such requests at the same time: {each.name} moves by less than those accepted."
                steps = (profile.first, profile.second)
                return Loss("lost-update", profile, steps, seen, at_once(world, profile), each.name)
    return None


async def _limited(world: World, profile: Profile) -> Loss | None:
    """What is left for one only is given to several."""
    pair = profile.several(2)
    if profile.once:
        if profile.sent.who != "a" or "b" not in world.crew.ordinary:
            return None
        pair = [pair[0], pair[1].as_("b")]
    for limit in list(_limits(world, profile))[:LIMITS]:
        found = await _exact(world, limit, pair)
        if found is None or (profile.once and not (await world.once(pair[1])).ok):
            continue
        value, steps = found
        loss = await _over(world, profile, limit.cell, value, pair, steps)
        if loss is not None:
            return loss
    return None


async def _exact(world: World, limit: _Limit, pair: list[Request]) -> tuple[Decimal, tuple[Step, Step]] | None:
    """The value that is enough for the first of two requests, and not for the second; None where it bounds nothing."""
    low, high, value = limit.low, limit.high, limit.low
    for _ in range(BISECTED):
        async with world.scene() as scene:
            if not await set_cell(scene, limit.cell, value):
                return None
            first = await scene.send(pair[0])
            second = await scene.send(pair[1]) if first.ok else first
        if first.ok and second.ok:
            high = value - 1
        elif not first.ok:
            low = value + 1
        elif second.changes or not second.refused or second.status in (401, 403, 429):
            return None
        else:
            return value, (first, second)
        if low > high:
            return None
        value = (low + high) // 2
    return None


async def _over(
    world: World, profile: Profile, cell: Cell, value: Decimal, pair: list[Request], steps: tuple[Step, Step]
) -> Loss | None:
    """The limit is held one after another; is it at the same time?"""
    requests = pair if profile.once else profile.several(AT_ONCE)
    single = {table: len(steps[0].changes.rows_added(table)) for table, _ in steps[0].changes.added}
    tables = {cell[0]} if cell[0] in profile.tables else set(single)
    for locked in _tries(world, profile, tables):
        async with world.scene() as scene:
            if not await set_cell(scene, cell, value):
                return None
            answers, done = await together(scene, requests, locked)
        count, name = accepted(answers), f"{cell[0]}.{cell[2]}"
        more = [table for table, number_ in sorted(single.items()) if len(done.rows_added(table)) > number_]
        now = moves(world, done, profile.play)
        below = [each for each in now if each.cell == cell and each.after < 0]
        if count < 2 or not (more or below):
            continue
        what = f"{more[0]} gets more than one new row" if more else f"{name} falls below zero"
        seen = f"{len(requests)} at the same time, with {name} enough for one: more than one is accepted, and {what}."
        first = told_set(world, cell, value)
        return Loss("double-spend", profile, steps, seen, f"{first}\n{at_once(world, profile, requests)}", name)
    return None


def _limits(world: World, profile: Profile) -> Iterator[_Limit]:
    """Numbers that may bound an operation: those it takes from, else those of the rows that a new row points to."""
    taken = [each for each in profile.moves if each.by < 0]
    yield from (_Limit(each.cell, -each.by, -each.by) for each in taken)
    tried: set[Cell] = {each.cell for each in profile.moves}
    named = set(profile.play.columns.values())
    for table, row in profile.first.changes.added if not taken else ():
        amounts = [name for t, name in sorted(named) if t == table and (number(row.get(name)) or 0) > 0]
        for parent, other, pointing in parents(world, table, row):
            if parent == world.seeds.users:
                continue
            kin = [each for each in world.sealed.get(table, ()) if all(each.get(n) == row.get(n) for n in pointing)]
            totals = [sum((number(each.get(name)) or Decimal(0) for each in kin), Decimal(0)) for name in amounts]
            one = min((number(row.get(name)) or Decimal(1) for name in amounts), default=Decimal(1))
            key = world.keys.of(parent, other)
            counted = [each.after for each in profile.moves if (each.table, each.key) == (parent, key) and each.by > 0]
            most = max([*totals, *counted, Decimal(len(kin))]) + max(one, Decimal(1))
            for name, held_value in other.items():
                cell, value = (parent, key, name), number(held_value)
                fixed = name in fixed_columns(world.seeds.table(parent))
                if not fixed and cell not in tried and value is not None and value >= 1 and value == int(value):
                    tried.add(cell)
                    yield _Limit(cell, one, most)


def at_once(world: World, profile: Profile, requests: Sequence[Request] | None = None) -> str:
    """Lines for a shell that send them at the same time."""
    steps = [Step(each, Answer(0), Changes()) for each in requests or profile.several(AT_ONCE)]
    return "\n".join([*(f"{shell(world, [step])} &" for step in steps), "wait"])
