"""Whether each filter of a list lets through what it names, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from evaluators.probes.atlas import bare
from evaluators.probes.behaviour_guesses import guessed
from evaluators.probes.behaviour_lists import Found, Reading, items_in, read
from evaluators.probes.behaviour_meanings import Test, several, target_of, tests_of
from evaluators.probes.behaviour_paging import WRONG_TOTAL, total_in, walked
from evaluators.probes.world import World

IGNORED, MISSED = "ignored", "missed"
MOST = 6
"""Filters of one list that are tried."""
MOST_PAIRS = 3
"""Pairs of filters of one list that are tried together."""


async def filtered(world: World, reading: Reading) -> AsyncIterator[Found]:
    """What is wrong with the filters of a list; each is named once."""
    listing = reading.listing
    if not reading.items:
        return
    known = [reading.known(item) for item in reading.items]
    good: list[Test] = []
    for parameter in [each for each in listing.filters if not each.required][:MOST]:
        tests = tests_of(parameter, known, _stored(world, reading, target_of(parameter, known)))
        tests = tests or await guessed(world, reading, parameter, known)
        wrong = None
        for test in tests:
            wrong = wrong or await _tried(world, reading, (test,))
        if wrong is None and several(parameter) and target_of(parameter, known):
            wrong = await _both(world, reading, tests)
        if wrong is not None:
            yield wrong
        else:
            good += [test for test in tests if any(test.holds(item) for item in known)][:1]
    for pair in _pairs(good)[:MOST_PAIRS]:
        wrong = await _tried(world, reading, pair)
        if wrong is not None:
            yield wrong
            return


def _stored(world: World, reading: Reading, target: str) -> list[Any]:
    """What rows hold in the column of a filter: a list may show only those of its top."""
    held = world.watch.now.get(reading.listing.table, ())
    return [value for row in held for name, value in row.items() if bare(name) == target and value is not None][:200]


def _pairs(tests: Sequence[Test]) -> list[tuple[Test, Test]]:
    return [(one, two) for number, one in enumerate(tests) for two in tests[number + 1 :]]


async def _both(world: World, reading: Reading, tests: Sequence[Test]) -> Found | None:
    """Two values of a filter that takes several: items of either come."""
    if len(tests) < 2:
        return None
    one, two = tests[:2]

    def holds(item: Any) -> bool | None:
        said = one.holds(item), two.holds(item)
        return True if True in said else None if None in said else False

    either = Test(one.parameter, [one.value, two.value], f"{one.told} or {two.told}", holds)
    return await _tried(world, reading, (either,))


async def _tried(world: World, reading: Reading, tests: Sequence[Test]) -> Found | None:
    """Ask with one filter, or with several at once, and judge every item."""
    listing = reading.listing
    names = " and ".join(test.parameter.name for test in tests)
    request = listing.request.asking(**{test.parameter.name: test.value for test in tests})
    got = await read(world, listing, request)
    if got is None:
        return None
    got.rows, got.key = {**reading.rows, **got.rows}, reading.key
    symbol = f"{listing.operation.symbol} {tests[0].parameter.name}"
    said = " and ".join(test.told for test in tests)
    what = f"the filter {names}" if len(tests) == 1 else f"the filters {names} together"
    does = [("is ignored", "lets items through", "leaves out"), ("are ignored", "let items through", "leave out")]
    ignored, lets, leaves = does[len(tests) > 1]
    verdicts = [[test.holds(got.known(item)) for test in tests] for item in got.items]
    if any(False in each for each in verdicts):
        same_all = len(got.items) == len(reading.items)
        how = f"{ignored}: items come that it does not name" if same_all else f"{lets} that it does not name"
        told = f"{listing.operation.symbol}: {what} {how} ({said})."
        return Found(IGNORED, (got.step,), told, reading.said, symbol)
    there = {got.identity(item) for item in got.items}
    meant = [item for item in reading.items if all(test.holds(reading.known(item)) for test in tests)]
    if any(reading.identity(item) not in there for item in meant) and reading.complete:
        told = f"{listing.operation.symbol}: {what} {leaves} items that it names ({said})."
        return Found(MISSED, (reading.step, got.step), told, reading.said, symbol)
    place, total = total_in(got.step, listing)
    if place is not None and got.complete and total != len(got.items):
        told = (
            f"{listing.operation.symbol} with {names} says {'.'.join(map(str, place))} of another number than it has."
        )
        return Found(WRONG_TOTAL, (got.step,), told, reading.said)
    return await _paged(world, reading, got, tests)


async def _paged(world: World, reading: Reading, got: Reading, tests: Sequence[Test]) -> Found | None:
    """Whether a page of a filtered list is as long as it can be, and its pages hold what the whole one does."""
    listing = reading.listing
    if not listing.size or not got.complete or not 1 < len(got.items) < len(reading.items):
        return None
    least = max(1, int(listing.bounds(listing.size).minimum or 1))
    size = max(least, len(got.items) // 2)
    request = got.step.request
    if size > len(got.items):
        return None
    names = " and ".join(test.parameter.name for test in tests)
    symbol = f"{listing.operation.symbol} {tests[0].parameter.name}"
    page = await world.unlooked(request.asking(**{listing.size: size}))
    if page.ok and len(items_in(page, listing.place)) < size:
        told = f"{listing.operation.symbol} with {names} answers a page that is shorter than it need be."
        return Found(MISSED, (got.step, page), told, reading.said, symbol)
    lost = await walked(world, replace(got, listing=replace(listing, request=request)), least, size)
    if lost is not None:
        return replace(lost, kind=MISSED, symbol=symbol, message=lost.message[:-1] + f" and filtered by {names}.")
    return None
