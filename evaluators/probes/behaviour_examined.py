"""All lists of a service examined once; several probes tell what came of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from evaluators.contract.facts import Parameter
from evaluators.probes.atlas import bare
from evaluators.probes.behaviour_fill import long_enough
from evaluators.probes.behaviour_filters import filtered
from evaluators.probes.behaviour_lists import SIGNED, Found, Reading, listings, orders_in
from evaluators.probes.behaviour_meanings import SEARCH, bound_of, fitting, kind_of, lists_of, searched, target_of
from evaluators.probes.behaviour_paging import paged
from evaluators.probes.behaviour_shapes import recognized
from evaluators.probes.behaviour_sorting import in_order, sorted_rightly
from evaluators.probes.behaviour_spread import Wish, spread
from evaluators.probes.behaviour_statements import Counters, counters, grown
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
    async with counters(world) as counted:
        for listing in list(listings(world)):
            async with long_enough(world, listing) as reading:
                if reading is not None and reading.items:
                    found += await _examined(world, await recognized(world, reading), counted)
    vars(world)[MEMO] = found
    return found


async def _examined(world: World, reading: Reading, counted: Counters) -> list[Found]:
    """What is wrong with one list."""
    found = [each async for each in paged(world, reading)]
    found += [each async for each in grown(world, reading, counted)]
    for judge, wishes in ((filtered, _filtered_by(reading)), (sorted_rightly, _sorted_by(reading))):
        async with world.scene() as scene:
            differing = await spread(world, scene, reading, wishes)
            found += [each async for each in judge(world, differing)]
    return found


def _filtered_by(reading: Reading) -> list[Wish]:
    """The properties that the list filters by: texts, times and numbers near each other, others where all are equal."""
    known = [reading.known(item) for item in reading.items]
    found = []
    for parameter in reading.listing.filters:
        if SEARCH.search(bare(parameter.name)):
            found += [Wish(name, words=True) for name in searched(parameter, known)]
            continue
        lists = lists_of(parameter, known)
        if lists:
            found.append(Wish(lists, several=True))
            continue
        bound = bound_of(parameter, known)
        name = target_of(parameter, known) or (bound[0] if bound else "")
        if name and (_equal(known, name) or not (kind_of(parameter).enum or name.endswith("id"))):
            found.append(Wish(name, near=True))
        if not name:
            found += _perhaps(parameter, known)
    return found


def _perhaps(parameter: Parameter, known: Sequence[Mapping[str, Any]]) -> list[Wish]:
    """What a filter may be of whose name says nothing: lists of texts, and numbers or times that may be bounded."""
    kind, found = kind_of(parameter), []
    for name in dict.fromkeys(name for item in known for name in item):
        held = [item[name] for item in known if item.get(name) is not None]
        if held and all(isinstance(value, list) for value in held):
            found += [Wish(name, several=True)] if "string" in kind.types else []
        elif held and (kind.types & {"integer", "number"} or kind.format in ("date", "date-time")):
            found += [Wish(name, near=True)] if all(fitting(value, kind) for value in held) else []
    return found


def _sorted_by(reading: Reading) -> list[Wish]:
    """The properties that the list sorts by and that are in order already."""
    listing = reading.listing
    known = [reading.known(item) for item in reading.items]
    orders = [bare(SIGNED.sub(r"\2", each)) for each in orders_in(listing.bounds(listing.sort))]
    shown = {name for item in known for name in item}
    return [Wish(name) for name in orders if name in shown and in_order([item.get(name) for item in known])]


def _equal(known: Sequence[Mapping[str, Any]], name: str) -> bool:
    return len({str(item.get(name)) for item in known}) < 2


async def told(world: World, kinds: Iterable[str]) -> AsyncIterator[Flaw]:
    """The findings of some kinds as flaws."""
    wanted = set(kinds)
    for each in await examined(world):
        if each.kind in wanted:
            yield flaw(world, each.steps, each.message, seen=each.seen, symbol=each.symbol)
