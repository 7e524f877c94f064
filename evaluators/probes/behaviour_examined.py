"""All lists of a service examined once; several probes tell what came of it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable

from evaluators.probes.atlas import bare, snake
from evaluators.probes.behaviour_fill import long_enough
from evaluators.probes.behaviour_filters import filtered
from evaluators.probes.behaviour_lists import Found, Reading, listings
from evaluators.probes.behaviour_paging import paged
from evaluators.probes.behaviour_sorting import SIGNED, in_order, sorted_rightly
from evaluators.probes.behaviour_spread import spread
from evaluators.probes.behaviour_statements import grown
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw

MEMO = "behaviour"


async def examined(world: World) -> list[Found]:
    """What is wrong with the lists of a service; asked for once a world."""
    known = vars(world).get(MEMO)
    if isinstance(known, list):
        return known
    found: list[Found] = []
    for listing in list(listings(world)):
        async with long_enough(world, listing) as reading:
            if reading is None or not reading.items:
                continue
            for judge in (paged, grown):
                found += [each async for each in judge(world, reading)]
            async with world.scene() as scene:
                differing = await spread(world, scene, reading, _told_apart(reading))
                for check in (filtered, sorted_rightly):
                    found += [each async for each in check(world, differing)]
    vars(world)[MEMO] = found
    return found


def _told_apart(reading: Reading) -> list[str]:
    """The properties that the list filters by and that are equal in all items, or sorts by and that are in order."""
    listing = reading.listing
    named = [snake(each.name) for each in listing.filters]
    named += [re.sub(r"^(min|max)_|_(min|max|from|to|after|before)$", "", name) for name in named]
    orders = [SIGNED.sub(r"\2", each) for each in listing.bounds(listing.sort).enum or () if isinstance(each, str)]
    known = [reading.known(item) for item in reading.items]
    shown = {name for item in known for name in item}
    equal = [n for n in named if bare(n) in shown and len({str(item.get(bare(n))) for item in known}) < 2]
    return [*equal, *(n for n in orders if bare(n) in shown and in_order([item.get(bare(n)) for item in known]))]


async def told(world: World, kinds: Iterable[str]) -> AsyncIterator[Flaw]:
    """The findings of some kinds as flaws."""
    wanted = set(kinds)
    for each in await examined(world):
        if each.kind in wanted:
            yield flaw(world, each.steps, each.message, seen=each.seen, symbol=each.symbol)
