"""Amounts: negative, zero, more than there is, to oneself, given back; and what their moves add up to."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluators.probes.invariants_odd import broken
from evaluators.probes.invariants_places import Spot, in_words, is_number, spots_of
from evaluators.probes.invariants_profile import (
    Move,
    Profile,
    known,
    moves,
    plain,
    profiles,
    set_cell,
    sums,
)
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw
from evaluators.service.oracle import Row
from evaluators.service.request import Request, leaves
from evaluators.service.step import Step

SIGNED = re.compile(r"adjust|delta|correct|signed|diff|offset|negative|reduc|in- or decrease|minus", re.IGNORECASE)
"""Words of operations and properties that take a number with its sign by design."""


@dataclass(frozen=True)
class Amount:
    """A number of a request that says how far other numbers move."""

    profile: Profile
    spot: Spot
    other: Step
    """The same request with another amount, accepted."""
    moved: tuple[Move, ...]
    """By the other amount."""

    def request(self, value: Any) -> Request:
        """The request with another amount."""
        return self.profile.fresh(5).having(self.spot.place, value)


async def amounts(world: World) -> tuple[Amount, ...]:
    """The amounts of all plays; once a world."""
    held = known(world)
    if "amounts" not in held.results:
        found = [each for profile in await profiles(world) if profile.moves async for each in _amounts(world, profile)]
        held.results["amounts"] = tuple(found)
    made: tuple[Amount, ...] = held.results["amounts"]
    return made


async def _amounts(world: World, profile: Profile) -> AsyncIterator[Amount]:
    before = sums(profile.moves)
    for spot in spots_of(profile.play):
        if not is_number(spot) or not spot.value:
            continue
        top = spot.kind.maximum
        value = spot.value + 2 if top is None or spot.value + 2 <= top else spot.value - 1
        step = await world.once(profile.fresh(5).having(spot.place, value))
        moved = moves(world, step.changes, profile.play)
        if step.ok and any(each.by != before.get(each.cell) for each in moved):
            yield Amount(profile, spot, step, moved)


async def negatives(world: World) -> AsyncIterator[Flaw]:
    """Negative amounts that move what they should have moved the other way."""
    for symbol, (each, step, turned) in sorted((await _negative(world)).items()):
        message = f"{symbol} takes a negative number in {in_words(each.spot)} and moves {turned.name} backwards."
        yield flaw(world, [step], message, hint="Refuse amounts that are not above zero.")


async def _negative(world: World) -> dict[str, tuple[Amount, Step, Move]]:
    """Operation -> (amount, the request with a negative one, what it moved); once a world."""
    held = known(world)
    if "negative" not in held.results:
        found: dict[str, tuple[Amount, Step, Move]] = {}
        for each in await amounts(world):
            if each.profile.symbol in found or not _unsigned(each):
                continue
            step = await world.once(each.request(-each.spot.value))
            before = sums(each.profile.moves)
            moved = moves(world, step.changes, each.profile.play)
            turned = [m for m in moved if m.by * before.get(m.cell, Decimal(0)) < 0]
            if step.ok and turned:
                found[each.profile.symbol] = each, step if each.spot.value > 0 else each.profile.first, turned[0]
        held.results["negative"] = found
    made: dict[str, tuple[Amount, Step, Move]] = held.results["negative"]
    return made


def _unsigned(each: Amount) -> bool:
    """Whether a negative amount has no meaning: refused by the contract, given by one to another, or not spoken of."""
    if len({move.by > 0 for move in each.profile.moves}) > 1:
        return True
    low = each.spot.kind.minimum
    if low is not None:
        return low >= 0
    operation = each.profile.play.operation
    said = f"{each.spot.name} {operation.path} {operation.id or ''} {operation.node.text('summary')}"
    return not SIGNED.search(said + operation.node.text("description"))


async def zeros(world: World) -> AsyncIterator[Flaw]:
    """Amounts of zero that are booked though nothing moves."""
    for each in await amounts(world):
        low = each.spot.kind.minimum
        between = len({move.by > 0 for move in each.profile.moves}) > 1
        if not (between or (low is not None and low > 0)) or not each.profile.first.changes.added:
            continue
        if each.profile.symbol in await _negative(world):
            continue  # One cause: there is no lower bound.
        step = await world.once(each.request(0))
        tables = {table for table, _ in each.profile.first.changes.added}
        if step.ok and tables & {table for table, _ in step.changes.added}:
            message = f"{each.profile.symbol} books an amount of zero in {in_words(each.spot)}."
            yield flaw(world, [step], message, hint="Refuse amounts that are not above zero.")


async def unbalanced(world: World) -> AsyncIterator[Flaw]:
    """Moves from one row to another that do not add up to nothing for other amounts."""
    for each in await amounts(world):
        whole = _balanced(each.profile.moves)
        if not whole:
            continue
        steps = [each.other]
        if "integer" not in each.spot.kind.types:
            steps.append(await world.once(each.request(each.spot.value + 0.005)))
        if each.spot.kind.maximum is not None and each.spot.kind.maximum < 1_000_000:
            steps.append(await world.once(each.request(each.spot.kind.maximum)))
        for step in steps:
            moved = [m for m in moves(world, step.changes, each.profile.play) if m.column in whole]
            if step.ok and sum((m.by for m in moved), Decimal(0)) != 0:
                message = f"{each.profile.symbol} takes from one row another amount than it gives to the other."
                yield flaw(world, [step], message, seen=_added(moved))
                break


def _balanced(found: tuple[Move, ...]) -> set[str]:
    """The columns of which one row loses what another gains."""
    columns = {each.column for each in found}
    return {
        name
        for name in columns
        if len([m for m in found if m.column == name]) > 1
        and sum((m.by for m in found if m.column == name), Decimal(0)) == 0
    }


def _added(found: list[Move]) -> str:
    return "\n".join(sorted(f"{each.name} moves by {each.by}" for each in found))


async def shortages(world: World) -> AsyncIterator[Flaw]:
    """More is taken than there is, or trying it breaks the service."""
    below_zero = await _negative(world)
    for profile in (each for each in await profiles(world) if each.symbol not in below_zero):
        for each in (move for move in profile.moves if move.by < 0 and move.after >= 0):
            left = -each.by - 1
            async with world.scene() as scene:
                if not await set_cell(scene, each.cell, left):
                    continue
                step = await scene.send(profile.fresh(6))
            below = [m for m in moves(world, step.changes, profile.play) if m.cell == each.cell and m.after < 0]
            if (step.ok and below and _bounded(world, profile, each)) or broken(step):
                what = "breaks when" if broken(step) else "takes from"
                tail = "has too little" if broken(step) else "more than it has"
                yield flaw(
                    world, [step], f"{profile.symbol} {what} {each.name} {tail}.", seen=f"{each.name} held {left}."
                )
                break


def _bounded(world: World, profile: Profile, move: Move) -> bool:
    """Whether a number below zero is none that the service means: no row has one, no word speaks of it."""
    rows = world.sealed.get(move.table, ())
    below = any(isinstance(row.get(move.column), int | float) and row[move.column] < 0 for row in rows)
    operation = profile.play.operation
    words = f"{operation.node.text('summary')} {operation.node.text('description')} {' '.join(rows[0] if rows else ())}"
    allowed = re.search(r"overdraft|overdraw|backorder|credit_limit|negative", words, re.IGNORECASE)
    return not below and not allowed and any(operation.response(status) for status in ("402", "409", "422", "400"))


async def to_oneself(world: World) -> AsyncIterator[Flaw]:
    """What goes from one row to another, sent from a row to itself."""
    for profile in await profiles(world):
        both = [m for m in profile.moves if m.column in _balanced(profile.moves)]
        if not profile.moves and _both_ends(world, profile):
            yield flaw(world, [profile.first], f"{profile.symbol} books a transfer from a row to itself.")
        if len(both) != 2:
            continue
        taken, given = sorted(both, key=lambda each: each.by)
        step = await _alone(world, profile, taken, given)
        if step is None:
            continue
        moved = moves(world, step.changes, profile.play)
        net = sum((m.by for m in moved if m.column == taken.column), Decimal(0))
        booked = {t for t, _ in step.changes.added} & {t for t, _ in profile.first.changes.added}
        if (step.ok and (net != 0 or booked)) or broken(step):
            does = "breaks at" if broken(step) else "makes an amount out of nothing by" if net else "books"
            message = f"{profile.symbol} {does} a transfer from a row to itself."
            yield flaw(world, [step], message, seen=_added(list(moved)))


def _both_ends(world: World, profile: Profile) -> bool:
    """Whether the play itself adds a row with an amount that points to one row twice, and moves nothing."""
    named = profile.play.columns
    for table, row in profile.first.changes.added:
        found = world.seeds.table(table)
        keys = [key for key in found.foreign_keys if key.table != world.seeds.users] if found else []
        ends = [(key.table, tuple(row.get(name) for name in key.columns)) for key in keys]
        twice = [each for each in ends if ends.count(each) > 1 and None not in each[1]]
        amount = any(is_number(spot) and named.get(spot.place, ("",))[0] == table for spot in spots_of(profile.play))
        if twice and amount and profile.play.operation.response("409") is not None:
            return True
    return False


async def _alone(world: World, profile: Profile, taken: Move, given: Move) -> Step | None:
    """The request with the row that gives in place of the one that gets; a row between them is set for it."""
    request = profile.fresh(5)
    direct = _renamed(request, given.row, taken.row)
    if direct is not None:
        return await world.once(direct)
    named = {str(value) for _, value in [*leaves(request.body), *request.path.items()]} if request.body else set()
    for table in world.seeds.tables:
        for key in table.foreign_keys if len(table.key) == 1 else ():
            if key.table != given.table or len(key.columns) != 1:
                continue
            for row in world.sealed.get(table.name, ()):
                if str(row.get(table.key[0])) in named and row.get(key.columns[0]) == given.row.get(key.targets[0]):
                    cell = (table.name, (row[table.key[0]],), key.columns[0])
                    value = taken.row.get(key.targets[0])
                    async with world.scene() as scene:
                        step = await scene.send(request) if await set_cell(scene, cell, value) else None
                    # Where the other row moves still, it was found by another way than this.
                    if step and not any(m.cell == given.cell for m in moves(world, step.changes, profile.play)):
                        return step
    return None


def _renamed(request: Request, old: Row, new: Row) -> Request | None:
    """The request with what names one row naming another; None where nothing names it."""
    values = {str(value): name for name, value in old.items() if isinstance(value, str | int) and str(value) != ""}
    if not isinstance(request.body, dict):
        return None
    for place, value in leaves(request.body):
        name = values.get(str(value))
        told = isinstance(value, str) or "id" in str(place[-1]).lower()
        if name is not None and told and new.get(name) and str(new[name]) != str(value):
            return request.having(place, plain(new[name]))
    return None
