"""Items that differ in what a list filters and sorts by: where all are equal, neither can be judged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from evaluators.probes.atlas import bare
from evaluators.probes.behaviour_fill import refused_by
from evaluators.probes.behaviour_lists import Reading, read
from evaluators.probes.world import Scene, World
from evaluators.service.oracle import Row
from evaluators.service.seeding import quoted
from evaluators.service.tables import Column, Table
from evaluators.service.values import labels_of

ORDERS = ((3, 1, 4, 0, 2), (1, 4, 2, 0, 3), (2, 0, 3, 4, 1))
"""The places that the first rows take in the new orders, so that none is that of the rows before or of another."""
NUMBER = re.compile(r"(small|big|tiny)?int|numeric|decimal|real|double|float")


async def spread(world: World, scene: Scene, reading: Reading, wanted: Sequence[str]) -> Reading:
    """The list with rows that differ in these properties, as far as the database takes them."""
    table = world.seeds.table(reading.listing.table)
    rows = [reading.rows[name] for name in map(reading.identity, reading.items) if name in reading.rows]
    if table is None or len(table.key) != 1 or len(rows) < 3:
        return reading
    done: list[str] = []
    for name in dict.fromkeys(wanted):
        column = next((each for each in table.columns if bare(each.name) == bare(name)), None)
        pointing = {each for key in table.foreign_keys for each in key.columns}
        if column is None or column.computed or column.name in pointing or column.name in table.key:
            continue
        for values in _values(column, table, rows[0].get(column.name)):
            if await _set(scene, table, column, rows, values, len(done)):
                done.append(column.name)
                break
    again = await read(world, reading.listing) if done else None
    if again is None or len(again.items) < 3:
        return reading
    again.said = f"rows: the gate gave rows of {table.name} different values of {', '.join(done)} before"
    return again


def _values(column: Column, table: Table, held: Any) -> list[list[Any]]:
    """Five values of a column, rising, fewer where it has labels; what to try after one another."""
    labels = labels_of(column, table)
    if labels:
        return [list(labels[:5])]
    if column.type.startswith("bool"):
        return [[False, True]]
    if NUMBER.match(column.type) and isinstance(held, int | float) and not isinstance(held, bool):
        # A CHECK may bound it on either side.
        return [[held + number for number in range(5)], [held - number for number in range(4, -1, -1)]]
    if isinstance(held, str) and re.match(r"text|character|varchar", column.type) and held.isprintable():
        return [[f"{held}{letter}" for letter in "abcde"]]
    return []


async def _set(
    scene: Scene, table: Table, column: Column, rows: Sequence[Row], values: Sequence[Any], turn: int
) -> bool:
    """Whether the first rows took the values, each its own where there are enough."""
    key, name = quoted(table.key[0]), quoted(column.name)
    pairs = [
        (row[table.key[0]], values[place % len(values)]) for row, place in zip(rows, ORDERS[turn % 3], strict=False)
    ]
    # The kind of the values is told by the column, not by the text that they are sent as.
    cases = " ".join(f"WHEN {key} = ? THEN ?" for _ in pairs)
    kind = column.type if column.type != "user-defined" else "text"
    cast = f"CAST(CASE {cases} ELSE {name} END AS {kind})" if not column.labels else f"CASE {cases} ELSE {name} END"
    statement = f"UPDATE {quoted(table.name)} SET {name} = {cast}"  # noqa: S608 - quoted
    return not await refused_by(scene, statement, *[value for pair in pairs for value in pair])
