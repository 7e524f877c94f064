"""Whether a list keeps its limit, tells its total, and loses or doubles nothing when it is read page by page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from evaluators.probes.atlas import bare
from evaluators.probes.behaviour_fill import level
from evaluators.probes.behaviour_lists import Found, Listing, Reading, items_in, outside, read
from evaluators.probes.world import World
from evaluators.service.bodies import Place
from evaluators.service.request import Request, leaves
from evaluators.service.step import Step

TOTAL = re.compile(r"^(total|totalcount|totalitems|totalresults|totalelements|itemcount|totalrows)$")
NEXT = re.compile(r"next|cursor|continuation|after|before")
MOST_PAGES = 7
LOST, DOUBLED, LIMIT, WRONG_TOTAL = "lost", "doubled", "limit", "total"


async def paged(world: World, reading: Reading) -> AsyncIterator[Found]:
    """What is wrong with the paging of a list; at most one finding of a kind."""
    listing = reading.listing
    if not listing.size or len(reading.items) < 2 or not reading.complete:
        return
    least = max(1, int(listing.bounds(listing.size).minimum or 1))
    if least >= len(reading.items):
        return
    one = await world.unlooked(listing.request.asking(**{listing.size: least}))
    if one.ok and len(items_in(one, listing.place)) > least:
        yield Found(
            LIMIT, (one,),
            f"{listing.operation.symbol} answers more items than {listing.size} allows.", reading.said,
        )  # fmt: skip
        return
    found = told_wrong(reading, one, len(reading.items))
    if found is not None:
        yield found
    lost = await walked(world, reading, least)
    if lost is None:
        lost = await _walked_level(world, listing, least)
    if lost is not None:
        yield lost


def told_wrong(reading: Reading, step: Step, count: int) -> Found | None:
    """A total that is not the number of items."""
    listing = reading.listing
    for source, number in ((reading.step, len(reading.items)), (step, count)):
        place, total = total_in(source, listing)
        if place is not None and total != number:
            told = f"{listing.operation.symbol} says {'.'.join(map(str, place))} {total}, but has {number} items."
            steps = (source,) if source is reading.step else (reading.step, source)
            return Found(WRONG_TOTAL, steps, told, reading.said)
    return None


def total_in(step: Step, listing: Listing) -> tuple[Place | None, int]:
    """Where an answer tells how many items there are, and its number."""
    for place, value in outside(step, listing):
        named = place == listing.total or TOTAL.search(bare(str(place[-1])))
        if named and isinstance(value, int) and not isinstance(value, bool):
            return place, value
    return None, 0


async def walked(world: World, reading: Reading, least: int, size: int = 0) -> Found | None:
    """Read page by page what was read at once."""
    listing = reading.listing
    count = len(reading.items)
    size = size or max(least, -(-count // (MOST_PAGES - 2)), 2 if count > 3 else 1)
    if size >= count:
        return None
    steps: list[Step] = []
    seen: list[str] = []
    request: Request | None = _first(listing, size)
    while request is not None and len(steps) <= MOST_PAGES:
        step = await world.unlooked(request)
        if not step.ok:
            return None
        steps.append(step)
        page = items_in(step, listing.place)
        seen += [reading.identity(each) for each in page]
        if not page or (len(page) < size and len(seen) >= count):
            break
        request, ended = _next(listing, step, request, page, len(steps), size)
        if request is None and not ended:
            return None
    return _compared(reading, seen, steps)


def _compared(reading: Reading, seen: Sequence[str], steps: Sequence[Step]) -> Found | None:
    wanted = {reading.identity(each) for each in reading.items}
    lost, doubled = wanted - set(seen), len(seen) - len(set(seen))
    symbol = reading.listing.operation.symbol
    if doubled:
        return Found(DOUBLED, tuple(steps), f"{symbol} shows items twice when it is read page by page.", reading.said)
    if lost and len(steps) <= MOST_PAGES:
        return Found(LOST, tuple(steps), f"{symbol} loses items when it is read page by page.", reading.said)
    return None


def _first(listing: Listing, size: int) -> Request:
    request = listing.request.asking(**{listing.size: size})
    if listing.page:
        least = listing.bounds(listing.page).minimum
        return request.asking(**{listing.page: 0 if least == 0 else 1})
    return request.asking(**{listing.offset: 0}) if listing.offset else request


def _next(
    listing: Listing, step: Step, request: Request, page: Sequence[Mapping[str, Any]], number: int, size: int
) -> tuple[Request | None, bool]:
    """The request for the next page, or None and whether the answer says that this was the last."""
    if listing.cursor:
        values, said = _brought(listing, step)
        if values is None:
            return None, said
        return request.asking(**values), True
    if listing.page:
        first = int(request.query[listing.page]) if number == 1 else None
        current = first if first is not None else int(request.query[listing.page])
        return request.asking(**{listing.page: current + 1}), True
    if listing.offset:
        return request.asking(**{listing.offset: number * size}), True
    return None, False


def _brought(listing: Listing, step: Step) -> tuple[dict[str, Any] | None, bool]:
    """The cursor of the next page, and whether the answer has a place for one."""
    found: list[tuple[bool, Any]] = []
    if listing.next is not None:
        found = [(True, value) for place, value in leaves(step.json) if place == listing.next]
    for place, value in leaves(step.json):
        inside = len(place) > len(listing.place) and place[: len(listing.place)] == listing.place
        if place and not (inside and any(isinstance(part, int) for part in place)):
            name = bare(str(place[-1]))
            if NEXT.search(name) and "prev" not in name and not isinstance(value, bool):
                found.append(("next" in name or name == bare(listing.cursor), value))
    link = step.answer.header("link") or ""
    linked = re.search(r'<([^>]+)>\s*;[^,]*rel="?next', link)
    if linked:
        found.append((True, linked.group(1)))
    for _, value in sorted(found, key=lambda each: not each[0]):
        if value in (None, ""):
            continue
        query = parse_qs(urlsplit(str(value)).query)
        if query:
            return ({name: each[0] for name, each in query.items()} if listing.cursor in query else None), True
        return {listing.cursor: value}, True
    return None, bool(found) or bool(link)


async def _walked_level(world: World, listing: Listing, least: int) -> Found | None:
    """The same where the rows are equal in their times: an order that leaves ties open mixes the pages."""
    if not listing.table:
        return None
    async with world.scene() as scene:
        done = await level(world, scene, listing)
        if not done:
            return None
        reading = await read(world, listing)
        if reading is None or not reading.complete or len(reading.items) < 3:
            return None
        reading.said = f"rows: the gate gave all of {listing.table} the same {', '.join(done)} before"
        # Ties are mixed in another way for each size.
        found = await walked(world, reading, least, 3) if least <= 3 and len(reading.items) > 4 else None
        if found is None and least == 1 and len(reading.items) < MOST_PAGES:
            found = await walked(world, reading, least, 1)
        return found or await walked(world, reading, least)
