"""What requests at the same time do together that one after another could not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evaluators.probes.invariants_crowd import AT_ONCE, Several, accepted, at_once, several, together, tries
from evaluators.probes.invariants_profile import (
    VERSION,
    Cell,
    Profile,
    fixed_columns,
    known,
    moves,
    number,
    parents,
    profiles,
    set_cell,
    sums,
)
from evaluators.probes.world import World
from evaluators.service.oracle import Changes, Row
from evaluators.service.step import Step

LIMITS = 5
"""Numbers that are tried as a bound of an operation."""
BISECTED = 5
"""Values that are tried of one of them."""
CROSSED = 4
"""Pairs of operations that are sent together."""
NO_BOUND = re.compile(r"price|cents|cost|fee|rate|percent|duration|minutes|year|sort|position|priority|weight|score")
"""Words of numbers of other rows that say how much, and not how many there may be."""


@dataclass(frozen=True)
class Loss:
    """What requests at the same time did that one after another could not."""

    kind: str
    """`duplicate`, `transition`, `lost-update` or `double-spend`."""
    profile: Profile
    steps: tuple[Step, ...]
    """One after another."""
    seen: str
    reproduce: str
    about: str
    """The column or table that shows it."""
    beside: str = ""
    """The other operation, where there are two."""


@dataclass(frozen=True)
class _Limit:
    """A number that may bound an operation, and between which values it may be just enough."""

    cell: Cell
    low: Decimal
    high: Decimal


async def losses(world: World) -> tuple[Loss, ...]:
    """What each play loses to others at the same time, one an operation; once a world."""
    held_before = known(world)
    if "losses" not in held_before.results:
        found = []
        whole = await profiles(world)
        for profile in whole:
            loss = await _loss(world, profile)
            if loss is not None:
                found.append(loss)
        found += [each async for each in _crossed(world, whole, {each.profile.symbol for each in found})]
        held_before.results["losses"] = tuple(found)
    made: tuple[Loss, ...] = held_before.results["losses"]
    return made


async def _loss(world: World, profile: Profile) -> Loss | None:
    if profile.once and (profile.first.changes.added or profile.moves):
        loss = await _repeated(world, profile)
        if loss is not None:
            return loss
    elif not profile.moves and not profile.first.changes.added:
        return None
    # Of the rows of one table the first is enough.
    found = {(each.cell[0], each.cell[2]): each for each in reversed(list(_limits(world, profile)))}
    limits, counted = list(reversed(found.values()))[:LIMITS], False
    if not profile.moves and not limits:
        return None
    async for each in several(world, profile):
        steady = _steady(world, profile, each)
        if steady and not counted:
            counted = True
            loss = await _lost(world, profile, each, steady)
            if loss is not None:
                return loss
        for limit in list(limits):
            exact = await _exact(world, limit, each)
            if exact is not None:
                limits.remove(limit)
                loss = await _limited(world, profile, each, limit.cell, exact)
                if loss is not None:
                    return loss
    return None


async def _repeated(world: World, profile: Profile) -> Loss | None:
    """A thing to be done once, done more often: more rows than one request adds, a number moved further."""
    first = profile.first.changes
    single = {table: len(first.rows_added(table)) for table, _ in first.added}
    requests = profile.several(AT_ONCE)
    own = [profile.play.subject[0]] if profile.play.subject and profile.play.subject[0] in single else []
    for tables in tries(world, own, single or {each.table for each in profile.moves}, profile.tables):
        async with world.scene() as scene:
            answers, done = await together(scene, requests, tables, profile.first.seconds)
        if accepted(answers) < 2:
            continue
        more = [table for table, count in sorted(single.items()) if len(done.rows_added(table)) > count]
        now = sums(moves(world, done, profile.play))
        further = [each for each in profile.moves if abs(now.get(each.cell, Decimal(0))) > abs(each.by)]
        if not more and not further:
            continue
        kind = "transition" if first.updated else "duplicate"
        about = more[0] if more else further[0].name
        what = f"{about} gets more than one new row" if more else f"{about} is moved more than once"
        seen = f"{AT_ONCE} such requests at the same time: more than one is accepted, and {what}."
        return Loss(kind, profile, (profile.first, profile.second), seen, at_once(world, requests), about)
    return None


def _steady(world: World, profile: Profile, each: Several) -> dict[Cell, Decimal]:
    """The numbers that both requests moved by the same amount."""
    first, second = (sums(moves(world, step.changes, profile.play)) for step in each.steps)
    return {cell: by for cell, by in first.items() if second.get(cell) == by}


async def _lost(world: World, profile: Profile, each: Several, steady: dict[Cell, Decimal]) -> Loss | None:
    """Several were accepted, and a number has moved by less than all of them together."""
    requests = each.requests()
    counted = sorted({cell[0] for cell in steady})
    for tables in tries(world, *([name] for name in counted[:2]), counted, profile.tables):
        async with world.scene() as scene:
            if not await each.prepare(scene):
                return None
            before = world.watch.now
            answers, done = await together(scene, requests, tables, profile.first.seconds)
        count, now = accepted(answers), sums(moves(world, done, profile.play))
        for cell, by in steady.items() if count > 1 else ():
            if abs(now.get(cell, Decimal(0))) < abs(by) * count:
                name = f"{cell[0]}.{cell[2]}"
                seen = f"{len(requests)} such requests at the same time: {name} moves by less than those accepted."
                return Loss("lost-update", profile, each.steps, seen, at_once(world, requests, before), name)
    return None


async def _limited(
    world: World, profile: Profile, each: Several, cell: Cell, found: tuple[Decimal, tuple[Step, Step]]
) -> Loss | None:
    """What is left for one only is given to several."""
    value, steps = found
    single = {table: len(steps[0].changes.rows_added(table)) for table, _ in steps[0].changes.added}
    bearing = {table for table in single if _points(world, table, cell[0])}
    first = {cell[0]} if cell[0] in profile.tables else bearing or set(single)
    requests, name = each.requests(), f"{cell[0]}.{cell[2]}"
    for locked in tries(world, first, profile.tables):
        async with world.scene() as scene:
            if not await each.prepare(scene) or not await set_cell(scene, cell, value):
                return None
            before = world.watch.now
            answers, done = await together(scene, requests, locked, profile.first.seconds)
        what = _over(world, profile, cell, single, done)
        if accepted(answers) > 1 and what:
            seen = f"{len(requests)} at the same time, with {name} enough for one: more than one is accepted, {what}."
            return Loss("double-spend", profile, steps, seen, at_once(world, requests, before), name)
    return None


def _over(world: World, profile: Profile, cell: Cell, single: dict[str, int], done: Changes) -> str:
    """What shows that more was given than there is."""
    more = [table for table, count in sorted(single.items()) if len(done.rows_added(table)) > count]
    if more:
        return f"and {more[0]} gets more than one new row"
    below = [each for each in moves(world, done, profile.play) if each.cell == cell and each.after < 0]
    return f"and {cell[0]}.{cell[2]} falls below zero" if below else ""


def _points(world: World, table: str, goal: str) -> bool:
    found = world.seeds.table(table)
    return found is not None and any(key.table == goal for key in found.foreign_keys)


async def _exact(world: World, limit: _Limit, each: Several) -> tuple[Decimal, tuple[Step, Step]] | None:
    """The value that is enough for the first of two requests, and not for the second; None where it bounds nothing."""
    low, high, value = limit.low, limit.high, limit.low
    for _ in range(BISECTED):
        async with world.scene() as scene:
            if not await each.prepare(scene) or not await set_cell(scene, limit.cell, value):
                return None
            first = await scene.send(each.make(0))
            second = await scene.send(each.make(1)) if first.ok else first
        if first.ok and second.ok:
            high = value - 1
        elif not first.ok:
            low = value + 1
        elif second.changes or not second.refused or second.status in (401, 403, 429):
            return None
        else:
            return value, (first, second)
        if low > high:
            return None
        value = (low + high) // 2
    return None


async def _crossed(world: World, whole: Sequence[Profile], done: set[str]) -> AsyncIterator[Loss]:
    """Two operations that move one number, sent together: one of them may write what the other has made stale."""
    tried = 0
    for place, one in enumerate(whole):
        for other in whole[place + 1 :]:
            cells = {each.cell for each in one.moves} & {each.cell for each in other.moves}
            if not cells or {one.symbol, other.symbol} & done or tried >= CROSSED:
                continue
            tried += 1
            loss = await _two(world, one, other, cells)
            if loss is not None:
                done |= {one.symbol, other.symbol}
                yield loss


async def _two(world: World, one: Profile, other: Profile, cells: set[Cell]) -> Loss | None:
    requests = [one.fresh(20), other.fresh(21)]
    async with world.scene() as scene:
        steps = (await scene.send(requests[0]), await scene.send(requests[1]))
    if not (steps[0].ok and steps[1].ok):
        return None
    each_moves = [sums(moves(world, s.changes, p.play)) for s, p in zip(steps, (one, other), strict=True)]
    whole = {cell: sum((found.get(cell, Decimal(0)) for found in each_moves), Decimal(0)) for cell in cells}
    for tables in tries(world, {cell[0] for cell in cells}):
        async with world.scene() as scene:
            answers, done = await together(scene, requests, tables, steps[0].seconds + steps[1].seconds)
        now = sums(moves(world, done, one.play))
        for cell, by in sorted(whole.items(), key=str):
            if accepted(answers) == 2 and now.get(cell, Decimal(0)) != by:
                name = f"{cell[0]}.{cell[2]}"
                seen = f"Both at the same time: {name} moves otherwise than by one after the other."
                return Loss("lost-update", one, steps, seen, at_once(world, requests), name, other.symbol)
    return None


def _limits(world: World, profile: Profile) -> Iterator[_Limit]:
    """Numbers that may bound an operation.

    Those it takes from, those beside a number that it raises, and those of the rows that a new row points to.
    """
    yield from (_Limit(each.cell, -each.by, -each.by) for each in profile.moves if each.by < 0)
    tried: set[Cell] = {each.cell for each in profile.moves}
    for each in profile.moves:
        fixed = fixed_columns(world.seeds.table(each.table))
        for name, held_value in each.row.items() if each.by > 0 else ():
            cell, value = (each.table, each.key, name), number(held_value)
            if name not in fixed and cell not in tried and value is not None and value >= each.after:
                tried.add(cell)
                yield _Limit(cell, each.after, each.after)
    named = set(profile.play.columns.values())
    for table, row in profile.first.changes.added:
        yield from _of_parents(world, profile, table, row, [n for t, n in sorted(named) if t == table], tried)


def _of_parents(
    world: World, profile: Profile, table: str, row: Row, named: Iterable[str], tried: set[Cell]
) -> Iterator[_Limit]:
    amounts = [name for name in named if (number(row.get(name)) or 0) > 0]
    for parent, other, pointing in parents(world, table, row):
        if parent == world.seeds.users:
            continue
        kin = [each for each in world.sealed.get(table, ()) if all(each.get(n) == row.get(n) for n in pointing)]
        totals = [sum((number(each.get(name)) or Decimal(0) for each in kin), Decimal(0)) for name in amounts]
        one = min((number(row.get(name)) or Decimal(1) for name in amounts), default=Decimal(1))
        key = world.keys.of(parent, other)
        counted = [each.after for each in profile.moves if (each.table, each.key) == (parent, key) and each.by > 0]
        most = max([*totals, *counted, Decimal(len(kin))]) + max(one, Decimal(1))
        for name, held_value in other.items():
            cell, value = (parent, key, name), number(held_value)
            fixed = name in fixed_columns(world.seeds.table(parent))
            fixed = fixed or NO_BOUND.search(name) is not None or VERSION.search(name) is not None
            if not fixed and cell not in tried and value is not None and value >= 1 and value == int(value):
                tried.add(cell)
                yield _Limit(cell, one, most)
