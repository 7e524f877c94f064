"""Amounts that are booked as another number than was sent: in another unit, or rounded to whole ones.

What is right is seen elsewhere: another operation books the same property in the
same column one to one, or the answer has the property by the same name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from evaluators.contract.facts import Operation
from evaluators.contract.shapes import shape_of
from evaluators.probes.invariants_places import Spot, in_words, spots_of
from evaluators.probes.invariants_profile import WRITES, Profile, fixed_columns, key_of, number, parents, profiles
from evaluators.probes.invariants_totals import misbooked
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw
from evaluators.service.oracle import Row
from evaluators.service.request import leaves
from evaluators.service.step import Step

DECIMAL = re.compile(r"\d{1,12}(?:\.(\d{1,4}))?")
SIZES = ((12_347, 23_459), (1_237, 2_349), (127, 239))
"""Amounts that no unit divides, of as many digits as the contract lets pass."""
SHARES = (29, 57, 58, 113, 115, 205, 230, 232, 439, 828)
"""Hundredths that are no binary fractions: 0.29 * 100 is less than 29 where it is counted so."""
TIMES = (Decimal(100), Decimal(1000))
"""Units of each other: cents and euros, grams and kilograms."""
EXACT = 3
"""Amounts that are held as they were sent, where others miss their last digit."""
STEPS = (Decimal(10), Decimal(100), Decimal(1000))
"""What is rounded to."""
ANSWER = ""
"""Stands for a table: the answer."""

Column = tuple[str, str]
"""(table, column), or `ANSWER` and a property."""


@dataclass(frozen=True)
class Sample:
    """An amount that was accepted, and the numbers it came to."""

    sent: Decimal
    steps: tuple[Step, ...]
    """The request with it, after those that it followed."""
    booked: Mapping[Column, frozenset[Decimal]]

    def held(self, column: Column) -> frozenset[Decimal]:
        """What it came to in a column; nothing where it changed nothing."""
        return self.booked.get(column, frozenset())


@dataclass(frozen=True)
class Booking:
    """A number of a request, with several amounts."""

    profile: Profile
    spot: Spot
    unit: Decimal
    """The smallest difference that can be sent."""
    samples: tuple[Sample, ...]

    @property
    def columns(self) -> frozenset[Column]:
        """Where the amounts left numbers."""
        return frozenset().union(*(each.booked for each in self.samples))

    def exact(self, column: Column) -> bool:
        """Whether a column takes each amount as it was sent."""
        return all(each.sent in each.held(column) for each in self.samples)


async def other_units(world: World) -> AsyncIterator[Flaw]:
    """Amounts that a column, or the answer, holds as other numbers, and that it elsewhere holds as they are sent."""
    found = await _bookings(world)
    right: dict[tuple[Column, str], str] = {}
    for each in found:
        for column in each.columns:
            if column[0] != ANSWER and each.exact(column):
                right.setdefault((column, each.spot.name), each.profile.symbol)
    told = {each.symbol async for each in misbooked(world)}
    for each in found:
        for column in sorted(each.columns) if each.profile.symbol not in told else ():
            where = right.get((column, each.spot.name), "")
            how = _otherwise(world, each, column) if where or column[0] == ANSWER else ""
            wrong = [sample for sample in each.samples if sample.sent not in sample.held(column)]
            if not how and _truncated(each, column):
                how = "one short now and then"
            if how:
                told.add(each.profile.symbol)
                # The one that takes the fewest requests to be shown.
                first = max(wrong, key=lambda sample: (-len(sample.steps), sample.sent))
                yield _told(world, each, column, how, where, first)
                break


def _told(world: World, each: Booking, column: Column, how: str, where: str, wrong: Sample) -> Flaw:
    text = f"{each.profile.symbol} books {in_words(each.spot)} {how}."
    held = ", ".join(str(value) for value in sorted(wrong.held(column)))
    seen = f"{'.'.join(column).lstrip('.')} came to {held or 0} for {wrong.sent}"
    seen += f"; {where} books it one to one." if where else " in the answer." if column[0] == ANSWER else "."
    hint = "Book the amount that was sent, in the unit that it was sent in; refuse what cannot be booked."
    return flaw(world, wrong.steps, text, seen=seen, hint=hint)


async def _bookings(world: World) -> list[Booking]:
    """All numbers of working requests that were accepted with two amounts or more."""
    found = []
    known = await profiles(world)
    for profile in [*known, *_idle(world)]:
        for spot in spots_of(profile.play):
            unit = None if spot.kind.enum else _unit(spot.value)
            if unit is None or _names_row(world, spot):
                continue
            samples = [each for each in [_sample(world, profile, spot, profile.first, spot.value)] if each]
            for value in _amounts(spot, unit):
                step = await world.once(profile.fresh(7).having(spot.place, value))
                made = _sample(world, profile, spot, step, value)
                samples += [made] if made is not None else []
            if any(each.sent > SHARES[-1] * unit for each in samples):
                samples += await _shares(world, profile, spot, unit)
            if len({each.sent for each in samples}) > 1:
                found.append(Booking(profile, spot, unit, tuple(samples)))
    return found


def _idle(world: World) -> Iterator[Profile]:
    """Writes that were accepted and changed nothing: an amount may have been too small for their unit."""
    for _, play in sorted(world.plays.items()):
        if play.operation.method in WRITES and play.repeats and not play.changes:
            yield Profile(play, play.step, play.step, (), key_of(play))


async def _shares(world: World, profile: Profile, spot: Spot, unit: Decimal) -> list[Sample]:
    """Amounts of all kinds of hundredths, one after another."""
    found = []
    async with world.scene() as scene:
        for turn, each in enumerate(SHARES):
            value = _as_sent(spot, each * unit)
            step = await scene.send(profile.fresh(40 + turn).having(spot.place, value))
            made = _sample(world, profile, spot, step, value)
            if made is None:
                break
            found.append(replace(made, steps=tuple(scene.steps)))
    return found


def _as_sent(spot: Spot, value: Decimal) -> Any:
    return str(value) if isinstance(spot.value, str) else int(value)


def _unit(value: Any) -> Decimal | None:
    """The smallest difference of an amount: 1, or that of its decimals; None for what is none."""
    if isinstance(value, str):
        found = DECIMAL.fullmatch(value)
        return Decimal(10) ** -len(found.group(1)) if found and found.group(1) else None
    return Decimal(1) if number(value) else None


def _names_row(world: World, spot: Spot) -> bool:
    """Whether a number is the key of a row."""
    table = world.seeds.table(spot.cell[0]) if spot.cell is not None else None
    return spot.cell is not None and spot.cell[1] in fixed_columns(table)


def _amounts(spot: Spot, unit: Decimal) -> Iterator[Any]:
    """Two more than the working one, and two that no unit divides, as the contract lets them pass."""
    low, top = spot.kind.minimum, spot.kind.maximum
    wanted = [Decimal(str(spot.value)) + 2 * unit]
    fitting = (pair for pair in SIZES if top is None or pair[1] * unit <= Decimal(str(top)))
    wanted += [each * unit for each in next(fitting, ())]
    for each in wanted:
        step = Decimal(str(spot.kind.multiple_of or unit))
        value = each - each % step
        if (low is None or value >= Decimal(str(low))) and (top is None or value <= Decimal(str(top))):
            yield _as_sent(spot, value)


def _sample(world: World, profile: Profile, spot: Spot, step: Step, value: Any) -> Sample | None:
    """What an accepted amount came to."""
    if not step.ok:
        return None
    booked: dict[Column, set[Decimal]] = defaultdict(set)
    for each in step.changes.updated:
        for name in set(each.columns) - fixed_columns(world.seeds.table(each.table)):
            before, after = _number(each.before.get(name)), _number(each.after.get(name))
            if before is not None and after is not None:
                booked[each.table, name].add(abs(after - before))
    for table, row in step.changes.added:
        for name in set(row) - fixed_columns(world.seeds.table(table)):
            held = _number(row[name])
            if held is not None:
                booked[table, name].add(abs(held))
    if _answers(profile.play.operation, spot):
        values = (_number(each) for place, each in leaves(step.json) if place == (spot.name,))
        booked[ANSWER, spot.name] |= {abs(each) for each in values if each is not None}
    return Sample(Decimal(str(value)), (step,), {column: frozenset(each) for column, each in booked.items() if each})


def _answers(operation: Operation, spot: Spot) -> bool:
    """Whether the contract has the property in the answer too, of the same type and for the same range."""
    if operation.answered is None or len(spot.place) != 1:
        return False
    found = shape_of(operation.answered).property(spot.name)
    if found is None:
        return False
    here, there = spot.kind, found.facets
    return (here.types, here.maximum) == (there.types, there.maximum) and here.maximum is not None


def _number(value: Any) -> Decimal | None:
    """A number of a row or an answer; a text that is a decimal is one."""
    return Decimal(value) if isinstance(value, str) and DECIMAL.fullmatch(value) else number(value)


def _otherwise(world: World, each: Booking, column: Column) -> str:
    """How a column takes the amounts: in another unit, or rounded; empty where it is another calculation."""
    odd = [sample for sample in each.samples if sample.sent >= 100 * each.unit and sample.sent % (10 * each.unit)]
    for times in TIMES:
        if all(sample.sent * times in sample.held(column) for sample in each.samples):
            return "" if _priced(world, each, times) else f"as {times} times of it"
        if len(odd) > 1 and all(_part(sample, column, times * each.unit, times) for sample in odd):
            return "" if _priced(world, each, times) else f"as one part of {times} of it"
    for step in STEPS:
        if len(odd) > 1 and all(_rounded(sample, column, step * each.unit) for sample in odd):
            return f"rounded to {step * each.unit:f}"
    return ""


def _truncated(each: Booking, column: Column) -> bool:
    """Whether some amounts are held as they were sent, and all others miss their last digit by one."""
    off = [
        min((abs(held - sample.sent) for held in sample.held(column)), default=sample.sent) for sample in each.samples
    ]
    return set(off) == {Decimal(0), each.unit} and off.count(Decimal(0)) >= EXACT


def _part(sample: Sample, column: Column, unit: Decimal, times: Decimal) -> bool:
    """Whether a column holds a part of an amount, rounded or not."""
    return any(held > 0 and abs(held * times - sample.sent) < unit for held in sample.held(column))


def _rounded(sample: Sample, column: Column, step: Decimal) -> bool:
    """Whether a column holds an amount rounded to a step, and not as it was sent."""
    held = sample.held(column)
    return sample.sent not in held and any(
        value > 0 and value % step == 0 and abs(value - sample.sent) < step for value in held
    )


def _priced(world: World, each: Booking, times: Decimal) -> bool:
    """Whether a row at hand says the factor: a price, the size of a pack."""
    changes = each.samples[-1].steps[-1].changes
    rows: list[Row] = [row for _, row in changes.added] + [update.before for update in changes.updated]
    for table, row in [*changes.added, *((update.table, update.before) for update in changes.updated)]:
        rows += [parent for _, parent, _ in parents(world, table, row)]
    return any(_number(value) == times for row in rows for value in row.values())
