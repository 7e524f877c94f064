"""Rows of a list that point to as many other rows as there are items: what is loaded for each is seen then."""

from __future__ import annotations

from evaluators.probes.behaviour_fill import refused_by
from evaluators.probes.behaviour_lists import Reading, read
from evaluators.probes.world import Scene, World
from evaluators.service.seeding import quoted


async def parted(world: World, scene: Scene, reading: Reading) -> Reading | None:
    """The list with rows that point to different rows, as far as there are enough; None: nothing was changed."""
    table = world.seeds.table(reading.listing.table)
    rows = [reading.rows[name] for name in map(reading.identity, reading.items) if name in reading.rows]
    if table is None or len(table.key) != 1 or len(rows) < 4:
        return None
    done = []
    for key in table.foreign_keys:
        if len(key.columns) != 1 or key.table == table.name:
            continue
        held = [row.get(key.targets[0]) for row in world.watch.now.get(key.table, ())]
        others = [value for value in dict.fromkeys(held) if value is not None]
        if len(others) < 4:
            continue
        column, name = quoted(key.columns[0]), quoted(table.key[0])
        statement = f"UPDATE {quoted(table.name)} SET {column} = ? WHERE {name} = ?"  # noqa: S608 - quoted
        for number, row in enumerate(rows):
            await refused_by(scene, statement, others[number % len(others)], row[table.key[0]], least=1)
        again = await read(world, reading.listing)
        if again is not None and len(again.items) >= len(reading.items) - 1:
            done.append(key.columns[0])
            continue
        for row in rows:
            await refused_by(scene, statement, row.get(key.columns[0]), row[table.key[0]], least=1)
    again = await read(world, reading.listing) if done else None
    if again is None:
        return None
    again.said = f"rows: the gate let rows of {table.name} point to different rows by {', '.join(done)} before"
    return again
