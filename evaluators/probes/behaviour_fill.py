"""Lists long enough to be judged: further rows for a while, and rows that are equal in what they are sorted by."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from evaluators.probes.atlas import snake
from evaluators.probes.behaviour_lists import Listing, Reading, as_member, read
from evaluators.probes.behaviour_values import moment
from evaluators.probes.world import Scene, World
from evaluators.service.database import NoDatabase
from evaluators.service.growing import removed, varied
from evaluators.service.inserting import Refused, Row, Session, working
from evaluators.service.request import plain
from evaluators.service.seeding import inserted, quoted
from evaluators.service.tables import Column, Table
from evaluators.service.values import labels_of

ENOUGH = 5
"""Items of a list that tell whether it pages and filters."""
FIRST_ALIKE = 60
"""The numbers of further rows begin here, so that no value of theirs meets another's."""
TIME = re.compile(r"creat|insert|updat|posted|published|sent|added|modified|starts?_|date", re.IGNORECASE)


@asynccontextmanager
async def long_enough(world: World, listing: Listing) -> AsyncIterator[Reading | None]:
    """The list with as many items as can be had; rows that were added for it are taken out again at the end."""
    reading = await _best(world, listing)
    table = world.seeds.table(listing.table)
    if reading is None or len(reading.items) >= ENOUGH or table is None:
        yield reading
        return
    row, owner = _model(world, reading, table)
    if row is None:
        yield reading
        return
    made: list[Row] = []
    try:
        made = await varied(world.running.database, world.seeds, table, owner, dict(row))
        longer = await _longer(world, reading, made)
        shown = next(iter(longer.rows.values()), row)
        if len(longer.items) < ENOUGH:
            made += await _alike(world, table, owner, dict(shown), ENOUGH - len(longer.items) + 1)
            longer = await _longer(world, longer, made)
        yield longer
    finally:
        await world.fresh()
        await removed(world.running.database, table, made)
        await _sealed(world)


async def _longer(world: World, reading: Reading, made: Sequence[Row]) -> Reading:
    """The list once more, with what was added."""
    await _sealed(world)
    longer = await read(world, reading.listing)
    if longer is None or len(longer.items) <= len(reading.items):
        return reading
    longer.said = f"rows: the gate put {len(made)} more into {reading.listing.table} before"
    return longer


async def _alike(world: World, table: Table, owner: str, shown: Row, count: int) -> list[Row]:
    """Further rows in the state of one that the list shows."""
    kept = {name for key in table.foreign_keys for name in key.columns}
    kept |= {column.name for column in table.columns if labels_of(column, table) or re.match("bool", column.type)}
    kept |= {column.name for column in table.columns if re.match("date|timestamp", column.type)}
    state = {name: value for name, value in shown.items() if name in kept and name not in table.key}
    letter = owner if owner in "abcdef" and len(owner) == 1 else "f"

    def fill(session: Session) -> list[Row]:
        found: list[Row] = []
        for number in range(count):
            try:
                found.append(
                    inserted(session, table, owner, FIRST_ALIKE + number, world.seeds, given=state, letter=letter)
                )
            except Refused:
                break
        return found

    return await working(world.running.database, fill)


async def _sealed(world: World) -> None:
    """Look at the rows that are sealed now."""
    world.sealed = await world.watch.seen()
    world.dirty = frozenset()


async def _best(world: World, listing: Listing) -> Reading | None:
    """The list of whoever sees the most of it, of those that a working request leaves."""
    ordinary = world.crew.ordinary[:1] if listing.operation.security and listing.request.who is None else ()
    # Where a credential is welcome one sees more than nobody does.
    listing = as_member(listing, ordinary[0]) if ordinary else listing
    first = await read(world, listing)
    if first is not None and len(first.items) >= ENOUGH:
        return first
    names = [name for name in (*world.crew.ordinary, *world.crew.lifted) if name != listing.request.who]
    found = [first, *[await read(world, as_member(listing, name)) for name in names if listing.operation.secured]]
    if not any(each is not None and len(each.items) > 1 for each in found):
        found += [await read(world, each) for each in _within(world, listing)]
    known = [each for each in found if each is not None]
    return max(known, key=lambda each: len(each.items)) if known else None


def _within(world: World, listing: Listing) -> list[Listing]:
    """The list below a thing that a filter names: many a list shows the top level only."""
    table = world.seeds.table(listing.table)
    rows = world.owned(listing.table, listing.request.who or "a")
    found = []
    for parameter in listing.filters:
        name = snake(parameter.name)
        pointing = table is not None and any(key.columns == (name,) for key in table.foreign_keys)
        values = [plain(row[name]) for row in rows if row.get(name) is not None] if pointing else []
        if values:
            request = listing.request.asking(**{parameter.name: max(values, key=values.count)})
            filters = tuple(each for each in listing.filters if each.name != parameter.name)
            found.append(replace(listing, request=request, filters=filters))
    return found


def _model(world: World, reading: Reading, table: Table) -> tuple[Row | None, str]:
    """A row that further ones are to be like, and whose it is."""
    shown = [dict(row) for row in reading.rows.values()]
    owner = reading.listing.request.who or "a"
    if shown:
        return shown[0], owner if owner in world.seeds.rows.get(table.name, {}) else "a"
    named = {plain(value) for value in reading.listing.request.path.values()}
    for who in dict.fromkeys((owner, "a", *world.seeds.rows.get(table.name, {}))):
        for row in world.seeds.rows.get(table.name, {}).get(who, ()):
            columns = {name for key in table.foreign_keys for name in key.columns}
            if not named or named & {plain(row.get(name)) for name in columns}:
                return dict(row), who
    return None, owner


async def level(world: World, scene: Scene, listing: Listing, names: Sequence[str] = ()) -> list[str]:
    """Give the rows of a list equal times, or equal values in these columns; the columns that were made equal."""
    table = world.seeds.table(listing.table)
    if table is None:
        return []
    done = []
    for column in table.columns:
        values = [
            row.get(column.name) for row in world.watch.now.get(table.name, ()) if row.get(column.name) is not None
        ]
        wanted = column.name in names if names else _is_time(column, table, values)
        if not wanted or column.computed or column.name in table.key or labels_of(column, table):
            continue
        if values and await _set(scene, table, column, max(values, key=str)):
            done.append(column.name)
    return done


def _is_time(column: Column, table: Table, values: Sequence[Any]) -> bool:
    """Whether a column holds times: by its type, its values, or the name of one that holds numbers."""
    if any(column.name in key.columns for key in table.foreign_keys):
        return False
    if column.type in ("text", "") and values and all(moment(value) is not None for value in values):
        return True
    named = column.type in ("text", "integer", "") and TIME.search(column.name) is not None
    return named or re.match(r"date|timestamp", column.type) is not None


async def _set(scene: Scene, table: Table, column: Column, value: Any) -> bool:
    """Whether all rows of a table took a value; a constraint may refuse it."""
    name, where = quoted(table.name), quoted(column.name)
    statement = f"UPDATE {name} SET {where} = ? WHERE {where} IS NOT NULL"  # noqa: S608 - quoted
    return not await refused_by(scene, statement, value)


async def refused_by(scene: Scene, statement: str, *values: Any, least: int = 2) -> bool:
    """Whether the database refused a statement of the gate (a constraint, a type), or changed fewer rows."""
    import psycopg

    try:
        return await scene.set(statement, *values) < least
    except (NoDatabase, psycopg.Error):
        return True
