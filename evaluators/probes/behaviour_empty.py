"""Updates with what is easily taken for nothing: null, false, 0, an empty text, an empty list; and other references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evaluators.contract.shapes import Facets, shape_of
from evaluators.probes.atlas import fits, snake
from evaluators.probes.behaviour_rows import arrived, followed, named_by
from evaluators.probes.behaviour_values import SECRET, moment
from evaluators.probes.proof import flaw
from evaluators.probes.versions import is_version
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw
from evaluators.service.request import leaves
from evaluators.service.seeding import plain
from evaluators.service.step import Step
from evaluators.service.tables import Column, Table

MOST = 10
"""Values of one operation that are sent."""


async def emptied(world: World, play: Play) -> Flaw | None:
    """The first property that does not take a value that is easily taken for nothing, or another reference."""
    table = world.seeds.table(play.subject[0]) if play.subject is not None else None
    if table is None or not isinstance(play.request.body, Mapping) or not play.request.is_json:
        return None
    for name, column, value, filled in list(_values(world, play, table))[:MOST]:
        async with world.scene() as scene:
            steps: list[Step] = []
            request = play.request
            if filled is not None:
                # What is empty already is filled first: by the service, so that it is the service's own row.
                steps.append(await scene.send(request.having((name,), filled)))
                if not steps[0].ok:
                    continue
                request = followed(request, steps[0])
            before = named_by(world, play.subject, world.watch.now)
            steps.append(await scene.send(request.having((name,), value)))
            after = named_by(world, play.subject, world.watch.now)
        if before is None or after is None or not steps[-1].ok or _is(value, before.get(column)):
            continue
        told = "another" if value else {"None": "null", "False": "false", "0": "0"}.get(str(value), "an empty")
        if after.get(column) == before.get(column):
            text = f"{play.operation.symbol} accepts {told} {name}, but {table.name}.{column} stays."
            return flaw(world, steps, text, seen=f"rows: {column} is as it was before")
    return None


def _is(value: Any, held: Any) -> bool:
    """Whether a column holds a value already."""
    if value is None or held is None:
        return value is held
    return arrived(value, held)


def _values(world: World, play: Play, table: Table) -> Iterator[tuple[str, str, Any, Any]]:
    """(property, column, value, what to fill it with before) of what the contract allows."""
    body: Mapping[str, Any] = play.request.body
    row = named_by(world, play.subject, world.sealed) or {}
    for each in shape_of(play.operation.sent).properties if play.operation.sent is not None else ():
        column, kind = table.column(each.column or snake(each.name)), each.facets
        if column is None or column.computed or kind.read_only or SECRET.search(each.name):
            continue
        if is_version(play, each.name):
            continue
        pointing = next((key for key in table.foreign_keys if column.name in key.columns), None)
        held, sent = row.get(column.name), body.get(each.name)
        if pointing is not None:
            target = pointing.targets[pointing.columns.index(column.name)]
            owned = [plain(found[target]) for found in world.owned(pointing.table, play.request.who or "a")]
            others = [
                key for key in owned if key not in (None, held, sent, row.get(table.key[0]) if table.key else None)
            ]
            if others and play.operation.method in ("PUT", "PATCH"):
                yield each.name, column.name, others[0], None
        for value in _nothings(kind, column):
            there = sent or (True if value is False else None)
            yield each.name, column.name, value, there if _is(value, held) else None


def _nothings(kind: Facets, column: Column) -> Iterator[Any]:
    """What a property may hold that is as good as nothing."""
    if kind.nullable and column.nullable:
        yield None
    if "boolean" in kind.types:
        yield False
    number = kind.types & {"integer", "number"}
    if number and (kind.minimum is None or kind.minimum <= 0) and (kind.maximum is None or kind.maximum >= 0):
        yield 0
    free = kind.format is None and not kind.enum and fits("", kind)
    if "string" in kind.types and free and not kind.min_length:
        yield ""


def answered_old(play: Play, step: Step, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """A property that the answer shows as it was before, though its column holds the new value; empty: none."""
    if not isinstance(step.json, Mapping):
        return ""
    for place, value in leaves(play.request.body):
        name = str(place[-1])
        column, shown = snake(name), step.json.get(name)
        if len(place) != 1 or column not in after or before.get(column) == after.get(column):
            continue
        scalar = isinstance(shown, str | int | float) and moment(shown) is None and not SECRET.search(name)
        sent = step.request.body.get(name) if isinstance(step.request.body, Mapping) else value
        if scalar and shown == before.get(column) and sent == after.get(column) and shown != sent:
            return name
    return ""
