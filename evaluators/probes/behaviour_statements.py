"""Whether a list sends more statements the longer it is: how often the database waited for the service."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from evaluators.probes.behaviour_lists import Found, Reading, asked, items_in
from evaluators.probes.world import World
from evaluators.service.request import Request

if TYPE_CHECKING:
    import psycopg

GROWS = "grows"
ROUNDS = 3
FEWEST = 4
"""Items of a list that is judged."""
WAITS = """
SELECT pid, pg_read_file('/proc/' || pid || '/status', 0, 4000) FROM pg_stat_activity
WHERE usename <> current_user AND backend_type = 'client backend'
"""
"""Linux counts for each process how often it gave its turn away to wait (proc(5), voluntary_ctxt_switches). A
process of PostgreSQL does so for each message of its client."""


async def grown(world: World, reading: Reading) -> AsyncIterator[Found]:
    """A list whose statements grow with its length; only PostgreSQL tells."""
    listing = reading.listing
    if world.running.database.dialect != "postgres" or not listing.size or len(reading.items) < FEWEST:
        return
    least = max(1, int(listing.bounds(listing.size).minimum or 1))
    if len(reading.items) - least < FEWEST - 1:
        return
    small, large = listing.request.asking(**{listing.size: least}), listing.whole()
    import psycopg

    try:
        async with await psycopg.AsyncConnection.connect(**world.running.database.admin, autocommit=True) as session:
            few, many = await _waits(world, session, small), await _waits(world, session, large)
            # Whatever else goes on only adds to it: the fewest of several times count, where the first one tells.
            for _ in range(ROUNDS - 1):
                if few is None or many is None or many - few < FEWEST - 1:
                    return
                again = await _waits(world, session, small), await _waits(world, session, large)
                few, many = min(few, again[0] or few), min(many, again[1] or many)
    except psycopg.Error:
        return
    step = await asked(world, large)
    count = len(items_in(step, listing.place))
    if few is not None and many is not None and step.ok and many - few >= count - least >= FEWEST - 1:
        told = f"{listing.operation.symbol} sends a statement more for each item that it answers."
        yield Found(GROWS, (await asked(world, small), step), told, reading.said)


async def _waits(world: World, session: psycopg.AsyncConnection[Any], request: Request) -> int | None:
    """How often the service's sessions waited during a request; None where they are not the same ones afterwards."""
    before = await _counted(session)
    answer = await world.ask(request)
    after = await _counted(session)
    if not before or set(before) != set(after) or answer.status != 200:
        return None
    return sum(after.values()) - sum(before.values())


async def _counted(session: psycopg.AsyncConnection[Any]) -> dict[int, int]:
    """Process of a session of the service -> how often it waited so far."""
    found = {}
    for pid, text in await (await session.execute(WAITS)).fetchall():
        number = re.search(r"^voluntary_ctxt_switches:\s*(\d+)", text, re.MULTILINE)
        if number:
            found[int(pid)] = int(number.group(1))
    return found
