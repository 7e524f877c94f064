"""What the parameters and the numbers of a list do, where their names do not say it: found by their effect."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from evaluators.contract.facts import Parameter
from evaluators.contract.node import Node
from evaluators.contract.shapes import facets, shape_of
from evaluators.probes.atlas import bare
from evaluators.probes.behaviour_lists import Listing, Reading, items_in, listings, outside, read
from evaluators.probes.behaviour_meanings import bound_of, lists_of, target_of
from evaluators.probes.behaviour_paging import TOTAL
from evaluators.probes.world import World
from evaluators.service.bodies import Place
from evaluators.service.request import Request
from evaluators.service.step import Step

SIZES, KNOWN, TOTALS = "sizes_seen", "lists_seen", "totals_named"
"""What was found out is noted in the world under these names."""
FEWEST = 4
"""Items of a list of which something can be told by a window of two."""
WINDOW = 2
DATES = ("date", "date-time", "uuid")
GARBAGE = "zqxjvkwyplmrt"
COMPARED: tuple[Callable[[Any, Any], bool], ...] = (operator.eq, operator.ge, operator.gt, operator.le, operator.lt)


async def recognized(world: World, reading: Reading) -> Reading:
    """The list with the roles that were found by trying; once a world for each list."""
    known: dict[str, Listing] = vars(world).setdefault(KNOWN, {})
    symbol = reading.listing.operation.symbol
    if symbol not in known:
        known[symbol] = await _recognized(world, reading)
    seen = known[symbol]
    names = {each.name for each in seen.filters}
    filters = tuple(each for each in reading.listing.filters if each.name in names)
    listing = replace(seen, request=reading.listing.request, filters=filters)
    if listing.size == reading.listing.size:
        return replace(reading, listing=listing)
    again = await read(world, listing)
    return replace(again, said=reading.said) if again is not None else reading


async def _recognized(world: World, reading: Reading) -> Listing:
    listing = reading.listing
    if not listing.size and (name := await sized(world, listing)):
        listing = _as(listing, "size", name)
    whole = await read(world, listing)
    if whole is None or not listing.size or not whole.complete or len(whole.items) < FEWEST:
        return listing
    least = listing.bounds(listing.size).minimum
    if least is not None and least > WINDOW:
        return listing
    if not (listing.offset or listing.page or listing.cursor):
        listing = await _windowed(world, whole, listing)
    if not (listing.offset or listing.page or listing.cursor):
        listing = await _continued(world, whole, listing)
    return replace(listing, total=await _counted(world, whole))


def _as(listing: Listing, kind: str, name: str) -> Listing:
    """The list with a parameter in a role."""
    roles: Mapping[str, Any] = {kind: name}
    return replace(listing, filters=tuple(each for each in listing.filters if each.name != name), **roles)


def _open(listing: Listing, known: Sequence[Mapping[str, Any]], kind: str) -> list[Parameter]:
    """The optional parameters of a JSON type of which nothing tells what they are."""
    found = []
    for each in listing.filters:
        bounds = facets(each.schema) if each.schema is not None else None
        if each.required or bounds is None or kind not in bounds.types or bounds.enum or bounds.format in DATES:
            continue
        if not (target_of(each, known) or lists_of(each, known) or bound_of(each, known)):
            found.append(each)
    return found


async def sized(world: World, listing: Listing) -> str:
    """The parameter that says how many items come: with 1 the first alone, with 2 the first two."""
    sizes: dict[str, str] = vars(world).setdefault(SIZES, {})
    symbol = listing.operation.symbol
    if symbol in sizes:
        return sizes[symbol]
    whole = await read(world, replace(listing, size=""))
    if whole is None or len(whole.items) < 2:
        return ""
    for parameter in _open(listing, [whole.known(each) for each in whole.items], "integer"):
        least = int(facets(parameter.schema).minimum or 1) if parameter.schema is not None else 1
        numbers = [number for number in (max(1, least), max(1, least) + 1) if number < len(whole.items)]
        pages = {number: await _page(world, whole, listing.request, {parameter.name: number}) for number in numbers}
        over = {len(page or ()) - number for number, page in pages.items()}
        # One too many is a size too, and a defect.
        said = over == {0} or (over == {1} and len(pages) == WINDOW)
        if pages and said and all(_starts(whole, page) == 0 for page in pages.values()) and not _told(whole, pages):
            sizes[symbol] = parameter.name
            break
    if len(whole.items) >= FEWEST:
        sizes.setdefault(symbol, "")
    return sizes.get(symbol, "")


async def _page(world: World, whole: Reading, request: Request, values: Mapping[str, Any]) -> list[str] | None:
    """What tells the items of an answer apart; None where it was refused."""
    step = await world.unlooked(request.asking(**values))
    return [whole.identity(each) for each in items_in(step, whole.listing.place)] if step.ok else None


def _starts(whole: Reading, page: Sequence[str] | None) -> int | None:
    """Where in the whole list a page begins that is a part of it without a gap."""
    names = [whole.identity(each) for each in whole.items]
    if not page or page[0] not in names:
        return None
    start = names.index(page[0])
    return start if names[start : start + len(page)] == list(page) else None


def _told(whole: Reading, pages: Mapping[int, Sequence[str] | None], most: int | None = None) -> bool:
    """Whether a number of the items says as well which come: then a parameter filters by it."""
    names = {name for item in whole.items for name in item}
    for name in sorted(names):
        numbers = [item.get(name) for item in whole.items]
        if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
            continue
        for compare in COMPARED:
            if all(
                [whole.identity(each) for each in whole.items if compare(each[name], value)][:most] == list(page or ())
                for value, page in pages.items()
            ):
                return True
    return False


async def _windowed(world: World, whole: Reading, listing: Listing) -> Listing:
    """The parameter that moves the window: the whole list from its first value on, and steps of one width."""
    for parameter in _open(listing, [whole.known(each) for each in whole.items], "integer"):
        least = facets(parameter.schema).minimum if parameter.schema is not None else None
        for first in [int(least)] if least is not None else [0, 1]:
            every = await _page(world, whole, listing.whole(), {parameter.name: first})
            if every is None:
                continue
            if first > 1 or _starts(whole, every) != 0 or len(every) != len(whole.items):
                break
            pages = {
                first + number: await _page(
                    world, whole, listing.request, {listing.size: WINDOW, parameter.name: first + number}
                )
                for number in range(3)
            }
            starts = [_starts(whole, page) for page in pages.values()]
            width = (starts[1] or 0) - (starts[0] or 0)
            # Behind the end there is nothing more to see.
            last = starts[2] == 2 * width or (not pages[first + 2] and 2 * width >= len(whole.items))
            if starts[0] == 0 and width > 0 and last and not _told(whole, pages, WINDOW):
                return _as(listing, "offset" if width == 1 else "page", parameter.name)
            break
    return listing


async def _continued(world: World, whole: Reading, listing: Listing) -> Listing:
    """The parameter that goes on from a text of the answer, to items that the first answer had not."""
    parameters = _open(listing, [whole.known(each) for each in whole.items], "string")
    if not parameters:
        return listing
    step = await world.unlooked(listing.request.asking(**{listing.size: WINDOW}))
    first = [whole.identity(each) for each in items_in(step, listing.place)]
    ends = dict(outside(whole.step, listing))
    for place, value in outside(step, listing):
        if not isinstance(value, str) or not value or ends.get(place) == value:
            continue
        linked = {name: texts[0] for name, texts in parse_qs(urlsplit(value).query).items()}
        for parameter in parameters:
            text = linked.get(parameter.name, value)
            page = await _page(world, whole, listing.request, {listing.size: WINDOW, parameter.name: text})
            # Where ties are lost there may be nothing more: then it is the one that refuses another text.
            more = _beyond(whole, page, first) if page else await _picky(world, listing, parameter, page)
            if more:
                return replace(_as(listing, "cursor", parameter.name), next=place)
    return listing


def _beyond(whole: Reading, page: Sequence[str], first: Sequence[str]) -> bool:
    """Whether a page holds items of the list, and none of those of the first page."""
    return set(page) <= {whole.identity(each) for each in whole.items} and not set(page) & set(first)


async def _picky(world: World, listing: Listing, parameter: Parameter, page: Sequence[str] | None) -> bool:
    if page is None:
        return False
    step = await world.unlooked(listing.request.asking(**{listing.size: WINDOW, parameter.name: GARBAGE}))
    return 400 <= step.status < 500


async def _counted(world: World, whole: Reading) -> Place | None:
    """Where an answer has the number of all items, however many it has itself, as other lists have one there too.

    In one list alone such a number may count something else that holds for all items now.
    """
    count, listing = len(whole.items), whole.listing
    if any(TOTAL.search(bare(str(place[-1]))) for place in _numbers(whole.step, listing)):
        return None
    few = await world.unlooked(listing.request.asking(**{listing.size: WINDOW}))
    there, here = _numbers(whole.step, listing), _numbers(few, listing)
    shared = _shared(world)
    found = [place for place, number in there.items() if number == count == here.get(place) and place in shared]
    return found[0] if len(found) == 1 else None


def _numbers(step: Step, listing: Listing) -> dict[Place, int]:
    named = outside(step, listing)
    return {place: value for place, value in named if isinstance(value, int) and not isinstance(value, bool)}


def _shared(world: World) -> set[Place]:
    """The places of integers beside the items that several lists have."""
    known = vars(world).get(TOTALS)
    if known is None:
        several = [_integers(each.operation.answered) for each in listings(world) if each.operation.answered]
        known = {place for places in several for place in places if sum(place in other for other in several) > 1}
        vars(world)[TOTALS] = known
    return set(known)


def _integers(node: Node, place: Place = ()) -> set[Place]:
    """The places of the integers of a schema, outside of arrays and at most three steps down."""
    found: set[Place] = set()
    for each in shape_of(node).properties if len(place) < 3 else ():
        if "integer" in each.facets.types:
            found.add((*place, each.name))
        found |= _integers(each.node, (*place, each.name))
    return found
