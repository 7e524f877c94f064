"""Lists with more rows than one answer should have, and the largest page that can be asked for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace

from evaluators.probes.behaviour_lists import Listing, bounds, items_in, listings
from evaluators.probes.behaviour_shapes import sized
from evaluators.probes.injection_pass import asked
from evaluators.probes.resources_load import Cost
from evaluators.probes.world import World
from evaluators.service.lifting import done
from evaluators.service.oracle import Row
from evaluators.service.seeding import plain, quoted
from evaluators.service.tables import Column, Table

ROWS = 1_205
"""More than any page of the usual sizes (20, 50, 100, 200, 500, 1,000)."""
ASKED = 1_000_000
NO_BOUND = 10_000
"""A bound that is none."""
WHOLE = re.compile(r"(small|big|tiny)?int|serial", re.IGNORECASE)
TEXT = re.compile(r"text|char", re.IGNORECASE)


async def unbounded(world: World) -> AsyncIterator[Cost]:
    """Lists whose page has any size that is asked for."""
    for listing in listings(world):
        top = bounds(listing.operation, listing.size).maximum if listing.size else None
        if not listing.table or (top is not None and ROWS - 5 < top < NO_BOUND):
            continue
        name = listing.size or await sized(world, listing)
        if not name:
            continue
        most = min(int(top), ASKED) if top is not None and top >= NO_BOUND else ASKED
        first = await asked(world, listing.request.asking(**{name: most}))
        if not first.ok or not items_in(first, listing.place):
            continue
        async with world.scene():
            item = items_in(first, listing.place)[0]
            if not (await _filled(world, listing, item) or await _filled(world, listing, item, wide=True)):
                continue
            await world.watch.seen()
            step = await asked(world, first.request)
            count = len(items_in(step, listing.place))
            play = world.plays[listing.operation.symbol]
            if step.status in (500, 502):
                seen = f"rows: the gate put {ROWS} more into {listing.table} before"
                yield Cost(play, (step,), f"breaks at as many items as `{name}` says", seen)
            elif step.ok and count >= ROWS:
                bound = f", though the contract says {top:g} at most" if top is not None and top < NO_BOUND else ""
                seen = f"rows: the gate put {ROWS} more into {listing.table} before; one answer had all of them"
                # The first answer is the same in every run, the order of the new rows is not.
                shown = replace(first, before=step.before, after=step.after)
                yield Cost(play, (shown,), f"answers as many items as `{name}` says{bound}", seen)


async def _filled(world: World, listing: Listing, item: Row, *, wide: bool = False) -> bool:
    """Copies of the row behind an item, with other keys; whether the database took them.

    Where `wide`, other texts and numbers too: several columns may be unique together.
    """
    table = world.seeds.table(listing.table)
    rows = world.sealed.get(listing.table, ())
    shown = {str(value) for value in item.values()}
    if table is None or len(table.key) != 1:
        return False
    model = next((row for row in rows if str(row.get(table.key[0])) in shown), None)
    if model is None:
        return False
    names, terms = [], []
    top = max((int(row[table.key[0]]) for row in rows if str(row[table.key[0]]).lstrip("-").isdigit()), default=0)
    for column in table.columns:
        term = _term(table, column, top, wide=wide)
        if term:
            names.append(quoted(column.name))
            terms.append(term)
    statement = (
        f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {ROWS}) "  # noqa: S608 - quoted
        f"INSERT INTO {quoted(table.name)} ({', '.join(names)}) SELECT {', '.join(terms)} "
        f"FROM {quoted(table.name)} t, s WHERE t.{quoted(table.key[0])} = ?"
    )
    taken = await done(world.look, statement, (plain(model[table.key[0]]),))
    world.dirty |= {table.name}
    return taken


def _term(table: Table, column: Column, top: int, *, wide: bool) -> str:
    """What the copies have in a column: another key, another text where texts are unique, else the same."""
    own = f"t.{quoted(column.name)}"
    bound = {name for key in table.foreign_keys for name in key.columns}
    bound |= {name for check in table.checks for name in check.columns}
    free = column.name not in bound and not column.labels
    varied = wide and free and bool(WHOLE.match(column.type) or TEXT.match(column.type))
    if column.name in table.key or column.name in table.unique or varied:
        if WHOLE.match(column.type):
            return f"{top} + 1000 + s.n" if column.name in table.key else f"{own} + 1000 + s.n"
        if column.type == "uuid":
            return "gen_random_uuid()"
        return f"{own} || '-' || s.n"
    return "" if column.computed else own
