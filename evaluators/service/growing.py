"""Further rows, once it is known what is missing: those of an identity with more rights, and rows in other states.

An account that may be closed has no money on it, a card that may be unfrozen
is frozen, an offer that may be taken has not ended. Which of these an
operation wants is found by trying it with a fresh row in each state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from evaluators.service.database import Database
from evaluators.service.inserting import Refused, Row, Session, working
from evaluators.service.seeding import Seeds, inserted, ordered
from evaluators.service.tables import Column, Table
from evaluators.service.values import labels_of

OWN = 2
"""Rows that a further identity gets in a table."""
VARIED = 20
"""Rows in other states that are tried at once."""
FIRST_VARIED = 20
"""Their numbers begin here, so that no value of theirs meets one of the seeds."""
TIMES = re.compile(r"date|timestamp")
AMOUNTS = re.compile(r"(small|big)?int|numeric|decimal|real|double|money")


async def settled(database: Database, seeds: Seeds, who: str, table: str, row: Row) -> None:
    """Rows of an identity that is there already as `row` of `table`. Raises NoDatabase.

    Only tables whose rows belong to somebody, by however many foreign keys, get some.
    """
    seeds.rows.setdefault(table, {})[who] = [dict(row)]
    letter = _letter(seeds, who)
    owned = [each for each in ordered(seeds.tables) if each.name != table and _leads_to(each, table, seeds)]

    def fill(session: Session) -> None:
        for each in owned:
            for number in range(OWN):
                try:
                    made = inserted(session, each, who, number, seeds, letter=letter)
                except Refused:
                    continue
                seeds.rows.setdefault(each.name, {}).setdefault(who, []).append(made)

    await working(database, fill)


def _letter(seeds: Seeds, who: str) -> str:
    """A letter that no other identity's values carry, of those that a UUID may have."""
    others = {name for rows in seeds.rows.values() for name in rows if len(name) > 1 and name != who}
    return "defabc"[min(len(others), 2)]


def _leads_to(table: Table, goal: str, seeds: Seeds, seen: frozenset[str] = frozenset()) -> bool:
    """Whether foreign keys lead from a table to another."""
    for key in table.foreign_keys:
        target = seeds.table(key.table)
        if key.table == goal:
            return True
        if target is not None and key.table not in seen and _leads_to(target, goal, seeds, seen | {table.name}):
            return True
    return False


async def varied(database: Database, seeds: Seeds, table: Table, who: str, row: Row) -> list[Row]:
    """Fresh rows like `row` in other states, without children, likeliest first; they are sealed. Raises NoDatabase."""
    letter = who if len(who) == 1 else _letter(seeds, who)
    first = FIRST_VARIED + sum(len(rows) for rows in seeds.rows.get(table.name, {}).values())

    def fill(session: Session) -> list[Row]:
        made: list[Row] = []
        for number, state in enumerate(states(table, crossing(table, seeds, who))):
            if len(made) == VARIED:
                break
            try:
                made.append(inserted(session, table, who, first + number, seeds, given=state, near=row, letter=letter))
            except Refused:
                continue
        return made

    return await working(database, fill)


async def removed(database: Database, table: Table, rows: Sequence[Row]) -> None:
    """Take rows out again that helped nobody; what a trigger keeps stays. Raises NoDatabase."""

    def take(session: Session) -> None:
        with session.unguarded():
            for row in rows:
                with suppress(Refused):
                    session.remove(table, row)

    if rows and table.key:
        await working(database, take)


def crossing(table: Table, seeds: Seeds, who: str) -> list[Row]:
    """Values that let a row go from one identity to another: of several keys to one table one is a stranger's."""
    found: list[Row] = []
    single = [key for key in table.foreign_keys if len(key.columns) == 1]
    for key in sorted(single, key=lambda each: [column.name for column in table.columns].index(each.columns[0])):
        others = [rows[0] for name, rows in seeds.rows.get(key.table, {}).items() if name != who and rows]
        if others and sum(each.table == key.table for each in single) > 1:
            found.append({key.columns[0]: others[0][key.targets[0]]})
    return found


def states(table: Table, more: Sequence[Row] = ()) -> Iterator[Row]:
    """What a row's state may consist of: labels, then with amounts of zero, then with other times, set and unset.

    The plain fresh row comes first: it is without children, which is a state too.
    """
    labelled = next((column for column in table.columns if labels_of(column, table)), None)
    labels: list[Row] = [{}]
    if labelled is not None:
        labels += [{labelled.name: label} for label in labels_of(labelled, table)]
    pointing = {name for key in table.foreign_keys for name in key.columns} | set(table.key)
    free = [column for column in table.columns if column.name not in pointing and not column.computed]
    changes: list[Row] = [{}, *more]
    amounts = [column for column in free if AMOUNTS.match(column.type) and not labels_of(column, table)]
    for column in sorted(amounts, key=lambda each: not _spoken(each)):
        changes.append({column.name: 0})
    times = [column for column in free if _is_time(column)]
    for day in ("2035-01-05", "2024-01-05"):
        changes += [{column.name: f"{day}T12:00:00Z"} for column in times]
    changes += [{column.name: None} for column in times if column.nullable]
    changes += [{column.name: value} for column in free if column.type.startswith("bool") for value in (True, False)]
    # Labels alone, then each change with each label.
    for change in changes:
        for label in labels:
            yield {**label, **change}


def _spoken(column: Column) -> bool:
    return re.search(r"balance|amount|total|stock|on_hand|used|count", column.name) is not None


def _is_time(column: Column) -> bool:
    """Whether a column holds a time that somebody other than the creation sets."""
    if re.search(r"creat|insert|updat", column.name):
        return False
    return bool(TIMES.match(column.type)) or (
        column.type == "text" and re.search(r"(_at|_on|_until|date)$", column.name) is not None
    )
