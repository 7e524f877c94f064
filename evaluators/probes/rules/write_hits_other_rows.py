"""The probe `write-hits-other-rows`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_rows import column_for, keyed_by, named_by, others, places_of, with_values, writing
from evaluators.probes.behaviour_values import facets_at, other, same
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.oracle import Row
from evaluators.service.request import Request, plain
from evaluators.service.step import Step
from evaluators.service.tables import ForeignKey


@rule("write-hits-other-rows", family="probes", severity=Severity.ERROR, cwe="CWE-440", owasp="")
async def write_hits_other_rows(world: World) -> AsyncIterator[Flaw]:
    """An update or a deletion of one thing does the same to others of its table.

    Why: A condition that is missing in the statement overwrites or deletes
        what nobody asked about, often everybody's.

    Sends: Each PUT, PATCH and DELETE that works, updates with other values.

    Applies: To operations whose path names a row that they change or remove.

    Proves: Another row of the same table, that does not point to the named
        one, takes a value that was sent, or is removed.

    Precision: Rows that lie below the named one (a folder's folders) are seen
        by their foreign keys and left out. Positions that shift and states
        that follow are not taken for it, as they do not take the value sent.

    Source: CWE-440; CWE-862 where the rows are somebody else's.
    """
    for play in writing(world, "PUT", "PATCH", "DELETE"):
        if play.subject is None or not _of_path(play):
            continue
        if play.operation.method == "DELETE":
            below = _others_removed(world, play, play.step)
            if below:
                table = play.subject[0]
                yield flaw(
                    world, [play.step], f"{play.operation.symbol} removes other rows of {table} than the named one.",
                    seen=f"rows: {below} more of {table} removed",
                )  # fmt: skip
            continue
        columns = [name for place, _ in places_of(play) if (name := column_for(world, play, place))]
        if not columns:
            continue
        step = await world.once(with_values(play.request, others(play)))
        for tried in (step, play.step, *([await world.once(peer)] if (peer := _peer(world, play)) else [])):
            if tried.ok and (names := _overwritten(world, play, tried, columns)):
                table = play.subject[0]
                told = f"{play.operation.symbol} writes what is sent into other rows of {table} too."
                yield flaw(world, [tried], told, seen=f"rows: {', '.join(names)} of other rows of {table} took it")
                break


def _of_path(play: Play) -> bool:
    """Whether the last key of the path is the subject's."""
    key = play.subject[1] if play.subject else None
    values = list(play.request.path.values())
    return bool(values) and str(key) == str(values[-1])


def _peer(world: World, play: Play) -> Request | None:
    """The same request for a row of an ordinary identity, where it was for one of another: that one may be alone."""
    table = play.subject[0] if play.subject else ""
    key = keyed_by(world, table)
    rows = world.owned(table, "a")
    if key is None or not rows or play.subject is None:
        return None
    if str(play.subject[1]) in {str(row.get(key)) for row in (*rows, *world.owned(table, "b"))}:
        return None
    values = others(play)
    for place in values:
        # A number next to what is held is likelier to be allowed than a small one.
        held = rows[0].get(column_for(world, play, place) or "")
        if isinstance(held, int | float) and not isinstance(held, bool):
            values[place] = other(facets_at(play.operation, place), str(place[-1]), held)
    return with_values(play.request.at(**{list(play.request.path)[-1]: plain(rows[0][key])}), values)


def _others_removed(world: World, play: Play, step: Step) -> int:
    """How many rows of the subject's table are gone that neither are it nor point to what is gone."""
    table = play.subject[0] if play.subject else ""
    known = world.seeds.table(table)
    mine = named_by(world, play.subject, world.sealed)
    gone = [row for name, row in step.changes.removed if name == table]
    if known is None or mine is None or mine not in gone:
        return 0
    keys = [key for key in known.foreign_keys if key.table == table and len(key.columns) == 1]
    below: list[Row] = [mine]
    for _ in gone:
        below += [row for row in gone if row not in below and _points(row, below, keys)]
    return sum(row not in below for row in gone)


def _points(row: Row, above: list[Row], keys: list[ForeignKey]) -> bool:
    """Whether a row points to one of those."""
    return any(row.get(key.columns[0]) == up.get(key.targets[0]) for key in keys for up in above)


def _overwritten(world: World, play: Play, step: Step, columns: list[str]) -> list[str]:
    """The columns of other rows of the same table that took the value of the named row."""
    table = play.subject[0] if play.subject else ""
    mine = [each for each in step.changes.updated if each.table == table and _is(world, table, step, each.after)]
    rest = [each for each in step.changes.updated if each.table == table and not _is(world, table, step, each.after)]
    if not mine or not rest:
        return []
    own = [name for name in mine[0].columns if name in columns and not isinstance(mine[0].after[name], bool)]
    hit = {
        name for each in rest for name in own
        if name in each.columns and same(each.after[name], mine[0].after[name])
    }  # fmt: skip
    return sorted(hit)


def _is(world: World, table: str, step: Step, row: Row) -> bool:
    """Whether a row is the one that the path names."""
    key = list(step.request.path.values())[-1]
    return named_by(world, (table, plain(key)), {table: [row]}) is not None
