"""Whether each order that a contract names is the order of the answer."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

from evaluators.probes.atlas import bare
from evaluators.probes.behaviour_lists import SIGNED, Found, Listing, Reading, orders_in, read
from evaluators.probes.behaviour_values import moment
from evaluators.probes.world import World
from evaluators.service.request import Request

MOST = 8
"""Orders of one list that are tried."""
UNSORTED = "unsorted"


async def sorted_rightly(world: World, reading: Reading) -> AsyncIterator[Found]:
    """The first order that is not kept."""
    listing = reading.listing
    if not listing.sort or len(reading.items) < 3:
        return
    for request, name, falls in list(_orders(listing, reading))[:MOST]:
        found = await read(world, listing, request)
        if found is None or len(found.items) < 3:
            continue
        values = [reading.known(each).get(bare(name)) for each in found.items]
        values = [value for value in values if value is not None]
        if not _comparable(values) or len(set(map(str, values))) < 2:
            continue
        wrong = (
            not _ordered(values, falls)
            if falls is not None
            else not (_ordered(values, True) or _ordered(values, False))
        )
        if wrong:
            way = {True: "falling ", False: "rising ", None: ""}[falls]
            told = f"{listing.operation.symbol} is asked for the {way}order of {name}, and answers another."
            yield Found(UNSORTED, (found.step,), told, reading.said)
            return


def _orders(listing: Listing, reading: Reading) -> list[tuple[Request, str, bool | None]]:
    """(request, property, whether it falls) of each order that the contract names."""
    named = orders_in(listing.bounds(listing.sort))
    ways = (
        [each for each in listing.bounds(listing.direction).enum or () if isinstance(each, str)]
        if listing.direction
        else []
    )
    shown = {bare(str(name)): str(name) for item in reading.items for name in item}
    found: list[tuple[Request, str, bool | None]] = []
    for value in named:
        sign, stem, word = SIGNED.fullmatch(value).groups()  # type: ignore[union-attr]  # matches every text
        name = shown.get(bare(stem))
        if name is None:
            continue
        falls: bool | None = True if sign == "-" or (word or "").lower() == "desc" else None
        if falls is None and (sign == "+" or word or f"-{stem}" in named):
            falls = False
        request = listing.request.asking(**{listing.sort: value})
        if ways and falls is None:
            found += [
                (request.asking(**{listing.direction: way}), name, "desc" in way.lower())
                for way in ways if re.search("asc|desc", way, re.IGNORECASE)
            ]  # fmt: skip
        else:
            found.append((request, name, falls))
    return found


def in_order(values: Sequence[Any]) -> bool:
    """Whether values stand in order as they are, so that nothing shows whether they were sorted."""
    known = [value for value in values if value is not None]
    return _comparable(known) and (_ordered(known, True) or _ordered(known, False))


def _comparable(values: Sequence[Any]) -> bool:
    """Whether all are numbers, or all texts."""
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in values)
    return bool(values) and (numbers or all(isinstance(each, str) for each in values))


def _ordered(values: Sequence[Any], falls: bool) -> bool:
    """Whether values stand in order, by any of the ways in which texts are ordered."""
    for form in (_plainly, moment, _numbered, _folded, _lettered):
        keys: list[Any] = [form(value) for value in values]
        if None in keys:
            continue
        if all((one >= two) if falls else (one <= two) for one, two in itertools.pairwise(keys)):
            return True
    return False


def _plainly(value: Any) -> Any:
    return value


def _numbered(value: Any) -> Any:
    text = str(value)
    return float(text) if re.fullmatch(r"-?\d{1,15}(\.\d+)?", text) else None


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else None


def _lettered(value: Any) -> Any:
    return re.sub(r"[^0-9a-z]", "", value.casefold()) if isinstance(value, str) else None
