"""The probe `parent-delete-breaks`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_rows import children_of, keyed_by, named_by
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.oracle import Row, State
from evaluators.service.request import Request
from evaluators.service.seeding import plain

MOST = 4
"""Rows that are deleted of one operation."""


@rule("parent-delete-breaks", family="probes", severity=Severity.ERROR, cwe="CWE-755", owasp="")
async def parent_delete_breaks(world: World) -> AsyncIterator[Flaw]:
    """Deleting something that others point to fails with a 500, or leaves them pointing to nothing.

    Why: A refused foreign key that nobody catches is a server error to the
        client. Where the database does not refuse it, the children stay and
        everything that joins them loses rows.

    Sends: Each DELETE of the contract with the rows of its table that have
        children, as an identity for whom it works.

    Applies: To deletions whose path ends with the key of a table to which
        foreign keys of other tables point, or columns that are named and
        filled like them.

    Proves: The answer is 500 twice, or it is 2xx, the row is gone, and a row
        of another table still holds its key.

    Precision: Columns without a foreign key count only where every value of
        theirs was a key of the table before.

    Source: PostgreSQL manual, section 5.5.5; SQLite manual, "Foreign Key
        Support" (off unless switched on); CWE-755.
    """
    for operation in world.operations("DELETE"):
        play = world.plays.get(operation.symbol) or _like(world, operation.symbol)
        if play is None or play.subject is None or not operation.path.rstrip("/").endswith("}"):
            continue
        found = await _tried(world, play)
        if found is not None:
            yield found


def _like(world: World, symbol: str) -> Play | None:
    """The play that reads or changes the same path, turned into the deletion."""
    operation = world.contract.by_symbol[symbol]
    for method in ("PUT", "PATCH", "GET"):
        known = world.plays.get(f"{method} {operation.path}")
        if known is not None and known.subject is not None:
            request = Request(operation, known.request.who, known.request.path)
            return Play(request, known.step, {}, {}, known.subject)
    return None


async def _tried(world: World, play: Play) -> Flaw | None:
    """Delete rows with children."""
    assert play.subject is not None  # noqa: S101 - asked for by the caller
    table, name = play.subject[0], list(play.request.path)[-1]
    key = keyed_by(world, table)
    if key is None:
        return None
    pointing = [*children_of(world, table), *_unsaid(world, table, key)]
    pointing = [each for each in pointing if each[0] != table]
    for row in _parents(world, play, table, key, pointing)[:MOST]:
        request = play.request.at(**{name: plain(row[key])})
        async with world.scene() as scene:
            step = await scene.send(request)
            left = _orphans(pointing, row, world.watch.now) if step.ok else []
            gone = named_by(world, (table, plain(row[key])), world.watch.now) is None
        if step.status >= 500 and step.status != 503 and (await world.once(request)).status >= 500:
            held = _held(pointing, row, world.sealed)
            told = f"{play.operation.symbol} is answered {step.status} for a row of {table}{held}."
            return flaw(world, [step], told)
        if step.ok and gone and left:
            told = f"{play.operation.symbol} leaves rows of {', '.join(left)} that point to what is gone."
            return flaw(world, [step], told, seen=f"rows: of {', '.join(left)} some still hold the key")
    return None


def _parents(world: World, play: Play, table: str, key: str, pointing: list[tuple[str, str, str]]) -> list[Row]:
    """Rows of the identity, those with the most children first."""
    rows = list(world.owned(table, play.request.who or "a"))
    mine = named_by(world, play.subject, world.sealed)
    if mine is not None and not any(str(row.get(key)) == str(mine.get(key)) for row in rows):
        rows.append(mine)

    def children(row: Row) -> int:
        return sum(
            str(each.get(column)) == str(row.get(target))
            for name, column, target in pointing
            for each in world.sealed.get(name, ())
        )

    counted = [(children(row), number, row) for number, row in enumerate(rows)]
    return [row for count, _, row in sorted(counted, key=lambda each: (-each[0], each[1])) if count]


def _orphans(pointing: list[tuple[str, str, str]], row: Row, state: State) -> list[str]:
    """The tables with rows that still hold the key of a row."""
    found = {
        name for name, column, target in pointing for each in state.get(name, ())
        if each.get(column) is not None and str(each.get(column)) == str(row.get(target))
    }  # fmt: skip
    return sorted(found)


def _held(pointing: list[tuple[str, str, str]], row: Row, state: State) -> str:
    tables = _orphans(pointing, row, state)
    return f" to which rows of {', '.join(tables)} point" if tables else ""


def _unsaid(world: World, table: str, key: str) -> list[tuple[str, str, str]]:
    """Columns named like the table and its key, without a foreign key, whose values are all keys of it."""
    single = table.rpartition(".")[2].rstrip("s")
    keys = {str(row.get(key)) for row in world.sealed.get(table, ())}
    found = []
    for each in world.seeds.tables:
        held = {name for known in each.foreign_keys for name in known.columns}
        for column in each.columns:
            if column.name in held or column.name not in (f"{single}_{key}", f"{table}_{key}", f"{single}id"):
                continue
            values = {
                str(row[column.name]) for row in world.sealed.get(each.name, ()) if row.get(column.name) is not None
            }
            if values and values <= keys:
                found.append((each.name, column.name, key))
    return found
