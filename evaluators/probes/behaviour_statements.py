"""Whether a list sends more statements the longer it is: the database counts them."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.probes.behaviour_lists import Found, Reading, asked, items_in
from evaluators.probes.world import World
from evaluators.service.request import Request
from evaluators.service.statements import Statements, counting

GROWS = "grows"
FEWEST = 4
"""Items of a list that is judged."""


async def grown(world: World, reading: Reading) -> AsyncIterator[Found]:
    """A list whose statements grow with its length; only PostgreSQL tells."""
    listing = reading.listing
    if world.running.database.dialect != "postgres" or not listing.size or len(reading.items) < FEWEST:
        return
    least = max(1, int(listing.bounds(listing.size).minimum or 1))
    if len(reading.items) - least < FEWEST - 1:
        return
    small, large = listing.request.asking(**{listing.size: least}), listing.whole()
    # A session that is new, or that hears of the counting late, sends other statements than the next time.
    await world.ask(small)
    async with counting(world.running.database) as statements:
        await world.ask(small)
        further = min([await _further(world, statements, small, large) for _ in range(2)])
    step = await asked(world, large)
    count = len(items_in(step, listing.place))
    if step.ok and further >= count - least >= FEWEST - 1:
        told = f"{listing.operation.symbol} sends a statement more for each item that it answers."
        yield Found(GROWS, (await asked(world, small), step), told, reading.said)


async def _further(world: World, statements: Statements, small: Request, large: Request) -> int:
    """How many statements more the large page takes."""
    few = await statements.during(lambda: world.ask(small))
    return await statements.during(lambda: world.ask(large)) - few
