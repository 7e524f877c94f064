"""Whether a list sends more statements the longer it is: the database counts them, or a second instance does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

from evaluators.probes.behaviour_lists import Found, Reading, items_in
from evaluators.probes.behaviour_parents import parted
from evaluators.probes.world import World
from evaluators.service import statements, statements_mariadb, statements_sqlite
from evaluators.service.request import Request

GROWS = "grows"
PARTED = 4
"""Rows at least that the items of a list are made to point to."""
FEWEST = 4
"""Items of a list that is judged."""

Count = Callable[[Request], Awaitable[int]]
"""How many statements a request takes; 0: none were seen."""


@dataclass
class Counters:
    """Counts the statements of requests, as the database at hand allows."""

    world: World
    _stack: AsyncExitStack
    _sqlite: list[statements_sqlite.Instance | None] = field(default_factory=list)

    @asynccontextmanager
    async def counting(self) -> AsyncIterator[Count | None]:
        """While it is open, statements are counted; None: nobody can."""
        world = self.world
        database, dialect = world.running.database, world.running.database.dialect
        if world.running.stack is None:
            yield None
        elif dialect == "postgres":
            async with statements.counting(database) as heard:
                yield lambda request: heard.during(lambda: world.ask(request))
        elif dialect == "mysql":
            async with statements_mariadb.counting(database) as written:
                yield lambda request: _written(world, written, request)
        else:
            instance = await self._instance()
            yield (lambda request: _traced(world, instance, request)) if instance is not None else None

    async def _instance(self) -> statements_sqlite.Instance | None:
        """The instance that counts, started when it is first asked for."""
        if not self._sqlite:
            self._sqlite.append(None)
            self._sqlite[0] = await self._stack.enter_async_context(statements_sqlite.counting(self.world.running))
        return self._sqlite[0]


@asynccontextmanager
async def counters(world: World) -> AsyncIterator[Counters]:
    """What counts statements, for as long as it is open."""
    async with AsyncExitStack() as stack:
        yield Counters(world, stack)


async def _written(world: World, written: statements_mariadb.Written, request: Request) -> int:
    before = await written.count()
    await world.ask(request)
    return await written.count() - before


async def _traced(world: World, instance: statements_sqlite.Instance, request: Request) -> int:
    """What the second instance runs for a request; 0 where it does not answer as the first one does."""
    watch = replace(world.watch, running=replace(world.running, door=instance.door))
    before = instance.count
    answer = await watch.ask(request, world.credential(request))
    return instance.count - before if 200 <= answer.status < 300 else 0


async def grown(world: World, reading: Reading, counted: Counters) -> AsyncIterator[Found]:
    """A list whose statements grow with its length, as it is or with rows that point to different ones."""
    found = await _grown(world, reading, counted)
    if found is None and reading.listing.size and len(reading.items) >= FEWEST:
        async with world.scene() as scene:
            parts = await parted(world, scene, reading)
            found = await _grown(world, parts, counted, PARTED) if parts is not None else None
    if found is not None:
        yield found


async def _grown(world: World, reading: Reading, counted: Counters, parts: int = 0) -> Found | None:
    """One that is. A list whose statements nobody saw is told as not checked."""
    listing = reading.listing
    if not listing.size or len(reading.items) < FEWEST:
        return None
    least = max(1, int(listing.bounds(listing.size).minimum or 1))
    if len(reading.items) - least < FEWEST - 1:
        return None
    small, large = listing.request.asking(**{listing.size: least}), listing.whole()
    async with counted.counting() as count:
        further = await _further(count, small, large) if count is not None else None
    if further is None:
        world.unchecked[f"statements of {listing.operation.symbol}"] = "nobody could count what the service sends"
        return None
    step = await world.unlooked(large)
    answered = len(items_in(step, listing.place))
    if step.ok and answered - least >= FEWEST - 1 and further >= (parts - 1 if parts else answered - least):
        what = "row that its items point to" if parts else "item that it answers"
        told = f"{listing.operation.symbol} sends a statement more for each {what}."
        return Found(GROWS, (await world.unlooked(small), step), told, reading.said)
    return None


async def _further(count: Count, small: Request, large: Request) -> int | None:
    """How many statements more the large page takes, at least, of two times; None where none were seen."""
    # A session that is new, or that hears of the counting late, sends other statements than the next time.
    await count(small)
    found = []
    for _ in range(2):
        few, many = await count(small), await count(large)
        if not few or not many:
            return None
        found.append(many - few)
    return min(found)
