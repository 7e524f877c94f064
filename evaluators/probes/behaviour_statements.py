"""Whether a list sends more statements the longer it is: the database counts them."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.probes.behaviour_lists import Found, Reading, items_in
from evaluators.probes.behaviour_parents import parted
from evaluators.probes.world import World
from evaluators.service.request import Request
from evaluators.service.statements import Statements, counting

GROWS = "grows"
PARTED = 4
"""Rows at least that the items of a list are made to point to."""
FEWEST = 4
"""Items of a list that is judged."""


async def grown(world: World, reading: Reading) -> AsyncIterator[Found]:
    """A list whose statements grow with its length, as it is or with rows that point to different ones."""
    found = await _grown(world, reading)
    if found is None and world.running.database.dialect == "postgres" and reading.listing.size:
        async with world.scene() as scene:
            parts = await parted(world, scene, reading)
            found = await _grown(world, parts, PARTED) if parts is not None else None
    if found is not None:
        yield found


async def _grown(world: World, reading: Reading, parts: int = 0) -> Found | None:
    """One that is; only PostgreSQL tells."""
    listing = reading.listing
    if world.running.database.dialect != "postgres" or not listing.size or len(reading.items) < FEWEST:
        return None
    least = max(1, int(listing.bounds(listing.size).minimum or 1))
    if len(reading.items) - least < FEWEST - 1:
        return None
    small, large = listing.request.asking(**{listing.size: least}), listing.whole()
    # A session that is new, or that hears of the counting late, sends other statements than the next time.
    await world.ask(small)
    async with counting(world.running.database) as statements:
        await world.ask(small)
        further = min([await _further(world, statements, small, large) for _ in range(2)])
    step = await world.unlooked(large)
    count = len(items_in(step, listing.place))
    if step.ok and count - least >= FEWEST - 1 and further >= (parts - 1 if parts else count - least):
        what = "row that its items point to" if parts else "item that it answers"
        told = f"{listing.operation.symbol} sends a statement more for each {what}."
        return Found(GROWS, (await world.unlooked(small), step), told, reading.said)
    return None


async def _further(world: World, statements: Statements, small: Request, large: Request) -> int:
    """How many statements more the large page takes."""
    few = await statements.during(lambda: world.ask(small))
    return await statements.during(lambda: world.ask(large)) - few
