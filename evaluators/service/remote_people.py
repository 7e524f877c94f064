"""Whose rows are whose in a service that runs already, told by what the lists show each identity alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from evaluators.contract.facts import Contract
from evaluators.service.identities import table_named
from evaluators.service.member import Member
from evaluators.service.oracle import Row, State
from evaluators.service.remote_hearsay import GUEST, Lists, shown, table_behind
from evaluators.service.seeding import IDENTITIES, Seeds, users_table
from evaluators.service.step import Watch
from evaluators.service.tables import Table
from evaluators.service.ways import plain_request

FEW = 5
"""Rows of one table that are taken for one identity, besides those that it is shown."""


async def lists_of(watch: Watch, contract: Contract, members: Mapping[str, Member]) -> Lists:
    """Every list, asked for as each ordinary identity."""
    asked = {who: members[who] for who in IDENTITIES if who in members}
    return [
        (each, {who: await watch.ask(plain_request(each), member.sent("GET")) for who, member in asked.items()})
        for each in contract.operations
        if each.method == "GET" and each.secured and "{" not in each.path
    ]


def seeds_of(tables: Sequence[Table], now: State, lists: Lists) -> Seeds:
    """The rows that the lists show each identity alone."""
    seeds = Seeds(tuple(tables), users_table(tuple(tables)))
    for operation, answers in lists:
        name = table_named(table_behind(operation), seeds)
        for who, key, thing in shown(operation, answers):
            row = _row(now, name, key, thing[key]) if name is not None else None
            if who is not None and name is not None and row is not None:
                seeds.rows.setdefault(name, {}).setdefault(who, []).append(row)
    return seeds


def person_of(who: str, seeds: Seeds, now: State) -> tuple[str, Row] | None:
    """The row that most of an identity's rows point to, and none of another's; of equals one of the users' table."""
    pointed: dict[str, Counter[tuple[str, str, str]]] = {}
    for name, held in seeds.rows.items():
        table = seeds.table(name)
        for key in table.foreign_keys if table is not None else ():
            for owner, rows in held.items():
                counted = pointed.setdefault(owner, Counter())
                counted.update((key.table, key.targets[0], str(row.get(key.columns[0]))) for row in rows)
    others = {each for name, counted in pointed.items() if name != who for each in counted}
    ranked = sorted(
        ((each[0] == seeds.users, count, each) for each, count in pointed.get(who, Counter()).items()
         if each not in others), reverse=True,
    )  # fmt: skip
    for _, _, (name, column, value) in ranked:
        row = _row(now, name, column, value)
        if row is not None:
            return name, row
    return None


def filled(seeds: Seeds, now: State, people: Mapping[str, tuple[str, Row]]) -> None:
    """Add some rows that no list shows: of whom they point to, else nobody's."""
    for table in seeds.tables:
        held = seeds.rows.setdefault(table.name, {})
        known = [row for rows in held.values() for row in rows]
        for row in now.get(table.name, ()):
            owners = [
                who for who, person in people.items() if person == (table.name, row) or _points(table, row, person)
            ]
            mine = held.setdefault(owners[0] if len(owners) == 1 else GUEST, [])
            if row not in known and len(mine) < FEW:
                mine.append(dict(row))


def _points(table: Table, row: Row, person: tuple[str, Row]) -> bool:
    """Whether a row points to somebody's."""
    return any(
        key.table == person[0]
        and all(row.get(a) == person[1].get(b) for a, b in zip(key.columns, key.targets, strict=True))
        for key in table.foreign_keys
    )


def _row(now: State, table: str, column: str, value: Any) -> dict[str, Any] | None:
    """The row of a table with that value."""
    return next((dict(row) for row in now.get(table, ()) if str(row.get(column)) == str(value)), None)
