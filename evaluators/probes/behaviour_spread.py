"""Items that differ in what a list filters and sorts by: where all are equal, neither can be judged."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluators.probes.atlas import bare
from evaluators.probes.behaviour_fill import refused_by
from evaluators.probes.behaviour_lists import Reading, read
from evaluators.probes.behaviour_values import moment
from evaluators.probes.world import Scene, World
from evaluators.service.oracle import Row
from evaluators.service.seeding import quoted
from evaluators.service.tables import Column, Table
from evaluators.service.values import labels_of

ORDERS = ((3, 1, 4, 0, 2), (1, 4, 2, 0, 3), (2, 0, 3, 4, 1))
"""The places that the first rows take in the new orders, so that none is that of the rows before or of another."""
NUMBER = re.compile(r"(small|big|tiny)?int|numeric|decimal|real|double|float")
TEXT = re.compile(r"text|character|varchar|citext")
WORDS = ("lantern", "marble", "thistle", "copper", "walnut")
"""Words that are found in one row each."""
LINKED = ("quartz", "quartzite", "marble")
"""Words that rows of another table hold; the first is a part of the second."""
FEWEST = 3
"""Items that must stay in a list whose rows were changed."""


@dataclass(frozen=True)
class Wish:
    """A property whose values are to differ."""

    name: str
    near: bool = False
    """Whether they are to be near each other: texts that contain one another, times of one day, a zero."""
    words: bool = False
    """Whether each is to hold a word that no other has."""
    several: bool = False
    """Whether it is a list, of words that rows of another table hold."""


async def spread(world: World, scene: Scene, reading: Reading, wanted: Sequence[Wish]) -> Reading:
    """The list with rows that differ in these properties, as far as the database takes them and the list shows them."""
    table = world.seeds.table(reading.listing.table)
    rows = [reading.rows[name] for name in map(reading.identity, reading.items) if name in reading.rows]
    if table is None or not table.key or len(rows) < FEWEST:
        return reading
    done: list[str] = []
    best = reading
    for wish in {each.name: each for each in wanted}.values():
        column = next((each for each in table.columns if bare(each.name) == bare(wish.name)), None)
        if wish.several and await linked(world, scene, table, rows, wish.name):
            done.append(wish.name)
        if column is None and wish.near and not wish.several and await _kin(world, scene, table, reading, wish.name):
            done.append(wish.name)
        if column is None or column.computed or column.name in table.key:
            continue
        for values in _values(world, column, table, rows, wish):
            if not await _set(scene, table, column, rows, _placed(rows, values, len(done))):
                continue
            again = await read(world, reading.listing)
            if again is not None and len(again.items) >= FEWEST:
                done.append(column.name)
                best = again
                break
            await _set(scene, table, column, rows, [row.get(column.name) for row in rows])
    if not done:
        return reading
    again = await read(world, reading.listing)
    best = again if again is not None and len(again.items) >= FEWEST else best
    best.said = f"rows: the gate gave rows of {table.name} different values of {', '.join(done)} before"
    return best


def _placed(rows: Sequence[Row], values: Sequence[Any], turn: int) -> list[Any]:
    """The value of each of the first rows."""
    return [values[place % len(values)] for _, place in zip(rows, ORDERS[turn % 3], strict=False)]


def _values(world: World, column: Column, table: Table, rows: Sequence[Row], wish: Wish) -> list[list[Any]]:
    """Five values of a column, rising, fewer where it has labels; what to try after one another."""
    held = rows[0].get(column.name)
    pointing = next((key for key in table.foreign_keys if column.name in key.columns), None)
    if pointing is not None:
        return _keys(world, pointing.table, pointing.targets[pointing.columns.index(column.name)], held, rows)
    labels = labels_of(column, table)
    if labels:
        return [list(labels[:5])]
    if column.type.startswith("bool"):
        return [[False, True]]
    if NUMBER.match(column.type) and isinstance(held, int | float) and not isinstance(held, bool):
        # A CHECK may bound it on either side.
        rising = [[held + number for number in range(5)], [held - number for number in range(4, -1, -1)]]
        return [[0, *rising[0][1:]], *rising] if wish.near and held >= 0 else rising
    if moment(held) is not None:
        return _times(str(held)) if wish.near else []
    if isinstance(held, str) and TEXT.match(column.type) and held.isprintable():
        plain = [f"{held}{letter}" for letter in "abcde"]
        if wish.words:
            return [[f"{held} {word} one" for word in WORDS], plain]
        return [[held, f"{held}a", f"a{held}", held.swapcase(), f"{held}b"], plain] if wish.near else [plain]
    return []


def _keys(world: World, table: str, target: str, held: Any, rows: Sequence[Row]) -> list[list[Any]]:
    """Keys of other rows, those of whoever has the one that is held first; where none is held two rows get one."""
    owners = world.seeds.rows.get(table, {})
    if held is None:
        first = [row.get(target) for row in rows[:5]]
        others = [*rows[5:], *(row for each in owners.values() for row in each)]
        free = [row[target] for row in others if row.get(target) not in (None, *first)]
        return [[None, free[0], None, free[0], None]] if free else []
    mine = next((rows for rows in owners.values() if any(row.get(target) == held for row in rows)), ())
    values = [row[target] for row in mine if row.get(target) is not None]
    values += [row[target] for rows in owners.values() for row in rows if row.get(target) is not None]
    kept = list(dict.fromkeys([held, *values] if held is not None else values))[:3]
    return [sorted(kept, key=str)] if len(kept) > 1 else []


async def _kin(world: World, scene: Scene, table: Table, reading: Reading, name: str) -> bool:
    """Let a row that items point to be called like another one and a letter more: the items show both by that name."""
    shown = {value for item in map(reading.known, reading.items) if isinstance(value := item.get(name), str)}
    for key in table.foreign_keys:
        other = world.seeds.table(key.table)
        for column in (each.name for each in other.columns if TEXT.match(each.type)) if other is not None else ():
            held = sorted({row[column] for row in world.watch.now.get(key.table, ()) if row.get(column) in shown})
            if len(held) > 1:
                statement = f"UPDATE {quoted(key.table)} SET {quoted(column)} = ? WHERE {quoted(column)} = ?"  # noqa: S608
                return not await refused_by(scene, statement, f"{held[0]}a", held[1], least=1)
    return False


async def linked(world: World, scene: Scene, table: Table, rows: Sequence[Row], name: str) -> bool:
    """Give the first rows words, by rows that link them: one has a word that another's contains."""
    if len(table.key) != 1:
        return False
    for link in world.seeds.tables:
        keys = [key for key in link.foreign_keys if len(key.columns) == 1]
        ours = next((key for key in keys if key.table == table.name), None)
        theirs = next((key for key in keys if ours is not None and key.table != table.name), None)
        if ours is None or not _alike(name, theirs.table if theirs is not None else link.name):
            continue
        words: Sequence[Any] = LINKED
        column = theirs.columns[0] if theirs is not None else _word_of(link)
        if theirs is not None:
            words = await _named_anew(world, scene, world.seeds.table(theirs.table), theirs.targets[0])
        if column is None or len(words) < len(LINKED):
            continue
        first, statement = quoted(ours.columns[0]), f"INSERT INTO {quoted(link.name)}"
        statement += f" ({first}, {quoted(column)}) VALUES (?, ?)"
        pairs = [(row[table.key[0]], word) for row, word in zip(rows, words, strict=False)]
        # A pair may be there already.
        return not all([await refused_by(scene, statement, *pair, least=1) for pair in pairs])
    return False


def _alike(name: str, table: str) -> bool:
    """Whether a property may show rows of a table: `tags` and `tags`, `labels` and `task_labels`."""
    return bare(name).rstrip("s") in bare(table) and len(name) > 2


def _word_of(table: Table) -> str | None:
    """The column that holds a word."""
    pointing = {each for key in table.foreign_keys for each in key.columns}
    texts = [each.name for each in table.columns if TEXT.match(each.type) and each.name not in pointing]
    return next((each for each in texts if re.search("name|tag|label|word|slug|title|value", each)), None)


async def _named_anew(world: World, scene: Scene, table: Table | None, target: str) -> list[Any]:
    """Keys of rows whose words are `LINKED` now."""
    name = _word_of(table) if table is not None else None
    if table is None or name is None:
        return []
    found = []
    for row, word in zip(world.watch.now.get(table.name, ()), LINKED, strict=False):
        statement = f"UPDATE {quoted(table.name)} SET {quoted(name)} = ? WHERE {quoted(target)} = ?"  # noqa: S608
        if not await refused_by(scene, statement, word, row[target], least=1):
            found.append(row[target])
    return found


def _times(held: str) -> list[list[Any]]:
    """Minutes apart and days apart, about noon; only minutes where that is refused."""
    when = datetime.datetime.fromisoformat(held.upper())
    if len(held) == 10:
        return [[(when + datetime.timedelta(days=number)).date().isoformat() for number in range(5)]]
    noon, minute, day = when.replace(hour=12, minute=5), datetime.timedelta(minutes=7), datetime.timedelta(days=2)
    mixed = [noon, noon + minute, noon + 2 * minute, noon + day, noon + day + minute]
    near = [when + number * minute for number in range(5)]
    return [[_as_text(each, held) for each in values] for values in (mixed, near)]


def _as_text(when: datetime.datetime, held: str) -> str:
    """A time in the form of another."""
    fraction = re.search(r"\.(\d+)", held)
    text = when.isoformat(held[10], "microseconds" if fraction else "seconds")
    if fraction:
        text = re.sub(r"\.(\d{6})", lambda found: f".{found.group(1)[: len(fraction.group(1))]}", text)
    return text.replace("+00:00", "Z") if held.endswith(("Z", "z")) else text


async def _set(scene: Scene, table: Table, column: Column, rows: Sequence[Row], values: Sequence[Any]) -> bool:
    """Whether the first rows took the values."""
    name = quoted(column.name)
    named = " AND ".join(f"{quoted(each)} = ?" for each in table.key)
    pairs: list[tuple[Mapping[str, Any], Any]] = list(zip(rows, values, strict=False))
    # The kind of the values is told by the column, not by the text that they are sent as.
    cases = " ".join(f"WHEN {named} THEN ?" for _ in pairs)
    case = f"CASE {cases} ELSE {name} END"
    if scene.world.running.database.dialect == "postgres" and not column.labels:
        case = f"CAST({case} AS {column.type if column.type != 'user-defined' else 'text'})"
    statement = f"UPDATE {quoted(table.name)} SET {name} = {case}"  # noqa: S608 - quoted
    sent = [value for row, given in pairs for value in (*(row[each] for each in table.key), given)]
    return not await refused_by(scene, statement, *sent)
