"""Numbers that sum up others: what is made and taken back leaves them as they were, and books show what was moved."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal

from evaluators.probes.invariants_amounts import amounts
from evaluators.probes.invariants_places import is_number, spots_of
from evaluators.probes.invariants_profile import Cell, Move, Profile, moves, number, profiles, sums
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw
from evaluators.service.oracle import Changes
from evaluators.service.request import Request
from evaluators.service.step import Step

KEPT = re.compile(
    r"used|(^|_)(count|size|total|sum|items|bytes|likes|votes|members|occupied|reserved|held|taken|available|stock|free)|"
    r"_count$|balance|left|remaining|on_hand",
    re.IGNORECASE,
)
"""What a number that follows other rows is called."""
EVER = re.compile(r"ever|lifetime|views|downloads|visits|since|issued|serial|sequence|next|last", re.IGNORECASE)


async def drifting(world: World) -> AsyncIterator[Flaw]:
    """What is made and then taken back, and a number that does not return."""
    told: set[str] = set()
    whole = await profiles(world)
    for maker in whole:
        table = maker.play.subject[0] if maker.play.subject is not None else ""
        if maker.play.operation.method != "POST" or not maker.moves or not maker.first.changes.rows_added(table):
            continue
        for taker in whole:
            if taker is maker or taker.symbol in told or not _takes_back(maker, taker, table):
                continue
            async for each in _round(world, maker, taker, table):
                told.add(taker.symbol)
                yield each
                break


def _takes_back(maker: Profile, taker: Profile, table: str) -> bool:
    """Whether an operation is about a row of that table, and removes it or moves a number the other way."""
    subject = taker.play.subject
    if subject is None or subject[0] != table or not any(str(v) == str(subject[1]) for v in taker.sent.path.values()):
        return False
    gone = taker.play.operation.method == "DELETE" and any(name == table for name, _ in taker.first.changes.removed)
    ways = {(each.table, each.column): each.by for each in maker.moves}
    back = any(ways.get((each.table, each.column), Decimal(0)) * each.by < 0 for each in taker.moves)
    return gone or back


async def _round(world: World, maker: Profile, taker: Profile, table: str) -> AsyncIterator[Flaw]:
    """Make and take back, with the amount of the working request and with more of it."""
    nets: list[tuple[tuple[Step, ...], dict[Cell, Decimal]]] = []
    for request in (maker.fresh(14), *_larger(maker)):
        found = await _net(world, maker, taker, table, request)
        if found is not None:
            nets.append(found)
    gone = taker.play.operation.method == "DELETE"
    parts = {name for row in maker.first.changes.rows_added(table) for name in row}
    even = not any(nets[0][1].values()) if nets else False
    for steps, net in nets if even else nets[:1]:
        left = sorted((cell[0], cell[2], by) for cell, by in net.items() if by)
        named = [each for each in left if (KEPT.search(each[1]) or each[1] in parts) and not EVER.search(each[1])]
        if left and (even or (gone and named)):
            name = f"{left[0][0]}.{left[0][1]}"
            message = f"{maker.symbol} moves {name}, and {taker.symbol} of the same does not bring it back."
            yield flaw(world, steps, message, seen=f"{name} is off by {left[0][2]} afterwards.")
            return


def _larger(maker: Profile) -> Iterator[Request]:
    """The request with more of what it asks for."""
    for spot in spots_of(maker.play):
        top = spot.kind.maximum
        if is_number(spot) and spot.value and (top is None or spot.value + 2 <= top):
            yield maker.fresh(15).having(spot.place, spot.value + 2)


async def _net(
    world: World, maker: Profile, taker: Profile, table: str, request: Request
) -> tuple[tuple[Step, ...], dict[Cell, Decimal]] | None:
    """What both together leave moved; None where one of them is refused."""
    subject = taker.play.subject
    async with world.scene() as scene:
        made = await scene.send(request)
        rows = made.changes.rows_added(table) if made.ok else ()
        key = world.keys.of(table, rows[0]) if len(rows) == 1 else ()
        if len(key) != 1 or subject is None:
            return None
        path = {name: key[0] if str(v) == str(subject[1]) else v for name, v in taker.sent.path.items()}
        taken = await scene.send(taker.fresh(16).as_(taker.sent.who).at(**path))
    if not taken.ok:
        return None
    first, then = (sums(moves(world, each.changes, maker.play)) for each in (made, taken))
    return (made, taken), {cell: by + then.get(cell, Decimal(0)) for cell, by in first.items()}


async def misbooked(world: World) -> AsyncIterator[Flaw]:
    """A number that moves by another amount than the row says that was written down with it."""
    told: set[str] = set()
    for each in await amounts(world):
        profile = each.profile
        if profile.symbol in told or len({move.by > 0 for move in profile.moves}) > 1:
            continue  # What goes from one row to another has a probe of its own.
        for move in each.moved:
            first = next((m for m in profile.moves if m.cell == move.cell), None)
            same = set(_booked(world, first, profile.first.changes)) if first is not None else set()
            if same and not same & set(_booked(world, move, each.other.changes)):
                table, name = sorted(same)[0]
                told.add(profile.symbol)
                message = f"{profile.symbol} moves {move.name} by another amount than {table}.{name} says."
                yield flaw(world, [each.other], message, seen=f"{move.name} moved by {move.by}.")
                break


def _booked(world: World, move: Move, changes: Changes) -> Iterator[tuple[str, str]]:
    """(table, column) of the new rows of a change that hold by how much a number was moved."""
    for table, row in changes.added:
        found = world.seeds.table(table)
        fixed = {*found.key, *(name for key in found.foreign_keys for name in key.columns)} if found else set()
        for name, value in row.items():
            held = number(value)
            if name not in fixed and held is not None and abs(held) == abs(move.by):
                yield table, name
